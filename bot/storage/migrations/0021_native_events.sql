-- Each session is an event of Discord's own as well. Which one is kept here, so that none is made twice; and one that
-- is over, or that somebody took away, is not made again. What the bot lacks for these, or for what it pins, is told
-- organizers as an alert of its own kind, for which the table of the alerts is made anew: SQLite cannot widen a CHECK.

CREATE TABLE native_events (
    guild_id INTEGER NOT NULL,
    session TEXT NOT NULL,
    event_id INTEGER NOT NULL UNIQUE,
    -- Whether it has come to its end, of itself or by somebody's hand.
    is_over INTEGER NOT NULL DEFAULT 0 CHECK (is_over IN (0, 1)),
    noted_at INTEGER NOT NULL,
    PRIMARY KEY (guild_id, session)
) STRICT, WITHOUT ROWID;

CREATE TABLE alerts_anew (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (
        kind IN (
            'broken', 'refused', 'unconfirmed', 'late', 'skipped', 'contested', 'role', 'without_files', 'native'
        )
    ),
    -- Zero where it concerns no one channel.
    channel_id INTEGER NOT NULL,
    -- Why a channel is broken, which notice it is about, which role cannot be given, which doubt came up, or what of
    -- Discord's own cannot be used.
    subject TEXT NOT NULL,
    -- The permissions that are missing, the minutes of delay or the notices concerned; separated by spaces.
    detail TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    -- When it was put right; what is over before it could be told is not told.
    closed_at INTEGER,
    told_at INTEGER
) STRICT;

INSERT INTO alerts_anew (id, kind, channel_id, subject, detail, opened_at, closed_at, told_at)
SELECT id, kind, channel_id, subject, detail, opened_at, closed_at, told_at FROM alerts;

DROP TABLE alerts;

ALTER TABLE alerts_anew RENAME TO alerts;

CREATE UNIQUE INDEX alerts_open ON alerts (kind, channel_id, subject) WHERE closed_at IS NULL;
