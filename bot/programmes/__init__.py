"""Programmes that were made elsewhere, read into drafts of a configuration: a text, a schedule, a calendar."""
