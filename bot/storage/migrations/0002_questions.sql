-- Questions, their history, who supports them, and the messages that show them.
--
-- An anonymous question carries a seal in place of its author's id, and nothing else that would name somebody: no
-- affiliation, and no person in the rows that its author causes. Numbers are never used twice, since people say them.

CREATE TABLE questions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    session_key TEXT NOT NULL,
    author_id INTEGER,
    author_seal TEXT,
    affiliation TEXT,
    text TEXT NOT NULL,
    folded TEXT NOT NULL,
    language TEXT NOT NULL CHECK (language IN ('es', 'en')),
    addressed_to TEXT,
    state TEXT NOT NULL CHECK (state IN (
        'pending', 'approved', 'on_air', 'answered', 'deferred', 'rejected', 'withdrawn', 'merged'
    )),
    asked_at INTEGER NOT NULL,
    moved_at INTEGER NOT NULL,
    moved_by INTEGER,
    reason TEXT,
    words TEXT,
    merged_into INTEGER REFERENCES questions (number),
    repeats INTEGER NOT NULL DEFAULT 0 CHECK (repeats >= 0),
    showings INTEGER NOT NULL DEFAULT 0 CHECK (showings >= 0),
    posted_message_id INTEGER,
    CHECK ((author_id IS NULL) <> (author_seal IS NULL)),
    CHECK (author_seal IS NULL OR affiliation IS NULL),
    CHECK ((state = 'rejected') = (reason IS NOT NULL)),
    CHECK ((state = 'merged') = (merged_into IS NOT NULL)),
    CHECK (merged_into IS NULL OR merged_into <> number)
) STRICT;

CREATE UNIQUE INDEX questions_one_on_air ON questions (session_key) WHERE state = 'on_air';

CREATE INDEX questions_by_state ON questions (session_key, state, number);

CREATE UNIQUE INDEX questions_once_by_author ON questions (author_id, session_key, folded)
    WHERE author_id IS NOT NULL AND state <> 'withdrawn';

CREATE UNIQUE INDEX questions_once_by_seal ON questions (author_seal, session_key, folded)
    WHERE author_seal IS NOT NULL AND state <> 'withdrawn';

CREATE TABLE question_transitions (
    id INTEGER PRIMARY KEY,
    number INTEGER NOT NULL REFERENCES questions (number),
    at INTEGER NOT NULL,
    moved_by TEXT NOT NULL CHECK (moved_by IN ('author', 'moderator', 'event')),
    moderator_id INTEGER,
    from_state TEXT,
    to_state TEXT NOT NULL,
    reason TEXT,
    words TEXT,
    CHECK ((moved_by = 'moderator') = (moderator_id IS NOT NULL))
) STRICT;

CREATE INDEX question_transitions_by_number ON question_transitions (number, id);

CREATE TABLE question_votes (
    number INTEGER NOT NULL REFERENCES questions (number),
    voter_id INTEGER NOT NULL,
    voted_at INTEGER NOT NULL,
    UNIQUE (number, voter_id)
) STRICT;

CREATE TABLE anonymity_key (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    fingerprint TEXT NOT NULL
) STRICT;

CREATE TABLE live_messages (
    name TEXT PRIMARY KEY,
    channel_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    posted_at INTEGER NOT NULL
) STRICT;
