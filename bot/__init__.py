"""Estrado's event: agenda, questions, attendance and what is said about them. Nothing here imports discord."""
