-- Certificates that were given, and what they say.
--
-- A number and a code are given once, and stay: the row of a person who was erased loses the person and keeps its
-- number, so that no number is ever given to two. What a certificate says are rows that are added: the first is as it
-- was given, another follows when a correction changes its figures, takes it away or gives it back.

CREATE TABLE certificates (
    number INTEGER PRIMARY KEY,
    -- NULL once the person was erased.
    person_id INTEGER UNIQUE,
    code TEXT NOT NULL UNIQUE CHECK (length(code) = 12),
    issued_at INTEGER NOT NULL
) STRICT;

CREATE TABLE certificate_states (
    id INTEGER PRIMARY KEY,
    number INTEGER NOT NULL REFERENCES certificates (number),
    since INTEGER NOT NULL,
    is_valid INTEGER NOT NULL CHECK (is_valid IN (0, 1)),
    sessions INTEGER NOT NULL CHECK (sessions >= 1),
    measured_days INTEGER NOT NULL CHECK (measured_days >= 0),
    corrected_days INTEGER NOT NULL CHECK (corrected_days >= 0),
    declared_days INTEGER NOT NULL CHECK (declared_days >= 0),
    unseen_days INTEGER NOT NULL CHECK (unseen_days >= 0),
    -- Milliseconds.
    measured INTEGER NOT NULL CHECK (measured >= 0),
    seen INTEGER NOT NULL CHECK (seen >= measured),
    CHECK (measured_days + corrected_days + declared_days + unseen_days <= sessions)
) STRICT;

CREATE INDEX certificate_states_by_number ON certificate_states (number, id);
