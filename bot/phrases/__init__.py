"""Everything that people read, one module a noun: Spanish here, English in bot/locale/en."""
