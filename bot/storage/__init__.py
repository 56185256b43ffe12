"""What the event remembers: one SQLite file, one door for writes, one module and one .sql file a noun."""
