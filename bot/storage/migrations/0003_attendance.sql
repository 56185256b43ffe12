-- Presence, measured (stays) and declared (check-ins), and the time in which the bot could not see.
--
-- A register is a session's: from some minutes before its start to its end. `seen_to` is the last instant of which the
-- bot is sure. It is written every few seconds, so that after a kill nobody is counted up to an instant that nobody
-- saw: stays that are still open end there, and what follows is a row of `unknown_time`.

CREATE TABLE registers (
    session_key TEXT PRIMARY KEY,
    opened_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL CHECK (ends_at >= opened_at),
    seen_to INTEGER NOT NULL CHECK (seen_to >= opened_at),
    closed_at INTEGER
) STRICT;

CREATE TABLE stays (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL,
    session_key TEXT NOT NULL REFERENCES registers (session_key),
    channel_id INTEGER NOT NULL,
    voice_session_id TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER CHECK (closed_at >= opened_at),
    closed_by TEXT CHECK (closed_by IN ('left', 'moved', 'register_closed', 'lost_sight', 'reconciled')),
    connections INTEGER NOT NULL DEFAULT 1 CHECK (connections >= 1),
    CHECK ((closed_at IS NULL) = (closed_by IS NULL))
) STRICT;

CREATE UNIQUE INDEX stays_one_open ON stays (person_id) WHERE closed_at IS NULL;

CREATE INDEX stays_by_session ON stays (session_key, person_id, id);

CREATE TABLE unknown_time (
    session_key TEXT NOT NULL REFERENCES registers (session_key),
    from_at INTEGER NOT NULL,
    to_at INTEGER NOT NULL CHECK (to_at > from_at),
    PRIMARY KEY (session_key, from_at, to_at)
) STRICT;

CREATE TABLE check_ins (
    person_id INTEGER NOT NULL,
    session_key TEXT NOT NULL,
    companions INTEGER NOT NULL CHECK (companions >= 0),
    declared_at INTEGER NOT NULL,
    changed_at INTEGER CHECK (changed_at >= declared_at),
    PRIMARY KEY (person_id, session_key)
) STRICT;
