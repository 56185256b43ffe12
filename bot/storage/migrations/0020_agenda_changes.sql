-- What was changed in the programme while it went on: a row a command, and a row a block that it touched. Read in
-- order they give the programme as it was at any instant.

CREATE TABLE agenda_commands (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('delay', 'move', 'cancel', 'recast', 'open_questions', 'reload')),
    -- The organizer; NULL for the operator, at the command line.
    by_id INTEGER,
    reason TEXT
) STRICT;

-- The sessions that a command changed: how often a session was changed tells calendars which state is the newer.
CREATE TABLE agenda_command_sessions (
    command_id INTEGER NOT NULL REFERENCES agenda_commands (id),
    session_key TEXT NOT NULL,
    PRIMARY KEY (command_id, session_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE agenda_changes (
    command_id INTEGER NOT NULL REFERENCES agenda_commands (id),
    place INTEGER NOT NULL,
    block_key TEXT NOT NULL,
    -- What the configuration planned when this was decided; where it plans otherwise, this holds no more.
    planned_starts_at INTEGER NOT NULL,
    planned_ends_at INTEGER NOT NULL CHECK (planned_ends_at > planned_starts_at),
    starts_at INTEGER,
    ends_at INTEGER CHECK (ends_at > starts_at),
    is_cancelled INTEGER NOT NULL DEFAULT 0 CHECK (is_cancelled IN (0, 1)),
    -- Titles and people by language, as JSON; NULL where they stay.
    title TEXT,
    speakers TEXT,
    moderator TEXT,
    moderator_role TEXT,
    PRIMARY KEY (command_id, place),
    CHECK ((starts_at IS NULL) = (ends_at IS NULL)),
    CHECK (is_cancelled = 0 OR starts_at IS NULL)
) STRICT, WITHOUT ROWID;

-- When no questions were taken although the hours would have allowed it.
CREATE TABLE question_pauses (
    id INTEGER PRIMARY KEY,
    session_key TEXT NOT NULL,
    paused_at INTEGER NOT NULL,
    paused_by INTEGER NOT NULL,
    resumed_at INTEGER CHECK (resumed_at >= paused_at),
    resumed_by INTEGER,
    CHECK ((resumed_at IS NULL) = (resumed_by IS NULL))
) STRICT;

CREATE UNIQUE INDEX question_pauses_one_open ON question_pauses (session_key) WHERE resumed_at IS NULL;

-- What somebody prepared and saw privately, to be done once they confirm it: once.
CREATE TABLE drafts (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('delay', 'move', 'cancel', 'recast', 'open_questions', 'say')),
    -- What it says, as JSON.
    content TEXT NOT NULL,
    -- The state of the programme that it was seen on.
    revision INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    made_by INTEGER NOT NULL,
    confirmed_at INTEGER CHECK (confirmed_at >= made_at)
) STRICT;

-- What everybody is to be told, kept together with what it tells of; told once it is in its channels.
CREATE TABLE public_words (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('change', 'paused', 'resumed', 'said')),
    session_key TEXT NOT NULL,
    -- What it says, as JSON.
    content TEXT NOT NULL,
    at INTEGER NOT NULL,
    -- From then on it is no news any more.
    expires_at INTEGER NOT NULL,
    told_at INTEGER
) STRICT;
