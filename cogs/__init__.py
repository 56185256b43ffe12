"""The Discord edge: commands, buttons and posts. No rule of the event is decided here."""
