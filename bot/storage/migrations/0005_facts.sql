-- What the program remembers about itself between two runs: the commands that Discord has, the ids that names had.
-- Not about people, and not needed for any figure: a lost row costs one more synchronisation or look-up.
CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
