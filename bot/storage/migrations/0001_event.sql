-- What the event has told its channels. A row is there before anything is sent, so that a bot that dies between two
-- lines knows afterwards what may have gone out. The rows are the truth about what was announced; whatever wakes the
-- bot is only an alarm clock.

-- One message: a part of a notice in a channel. `generation` counts up when a notice is made anew on purpose.
CREATE TABLE notices (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    channel_id INTEGER NOT NULL,
    generation INTEGER NOT NULL CHECK (generation >= 1),
    part INTEGER NOT NULL CHECK (part >= 1),
    state TEXT NOT NULL CHECK (state IN ('claimed', 'sent', 'failed', 'unconfirmed')),
    -- The instant that the content was made for; the same content is made again from it after a restart.
    built_at INTEGER NOT NULL,
    -- Since when the message may be in the channel.
    claimed_at INTEGER NOT NULL,
    sent_at INTEGER,
    message_id INTEGER,
    attempts INTEGER NOT NULL DEFAULT 1 CHECK (attempts >= 1),
    -- Why the last attempt failed.
    reason TEXT,
    UNIQUE (key, channel_id, generation, part),
    CHECK ((state = 'sent') = (message_id IS NOT NULL AND sent_at IS NOT NULL)),
    CHECK (state <> 'failed' OR reason IS NOT NULL)
) STRICT;

-- What became of each cue in each channel. Several cues of one instant share a notice. A cue without a row is still
-- to be decided.
CREATE TABLE cues (
    key TEXT NOT NULL,
    channel_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('claimed', 'failing', 'sent', 'skipped', 'failed', 'unconfirmed')),
    -- The notice that carries it, or carried it in vain.
    notice TEXT,
    -- Its place in that notice.
    place INTEGER NOT NULL DEFAULT 0,
    settled_at INTEGER,
    PRIMARY KEY (key, channel_id),
    CHECK ((outcome IN ('claimed', 'failing')) = (settled_at IS NULL)),
    CHECK (outcome = 'skipped' OR notice IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE INDEX cues_by_notice ON cues (notice, channel_id);

-- What organizers have to be told, once each; what concerns a channel that works again ends, and may come again.
CREATE TABLE alerts (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('broken', 'refused', 'unconfirmed', 'late', 'skipped')),
    -- Zero where it concerns no one channel.
    channel_id INTEGER NOT NULL,
    -- Why a channel is broken, or which notice it is about.
    subject TEXT NOT NULL,
    -- The permissions that are missing, the minutes of delay or the notices concerned; separated by spaces.
    detail TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    -- When it was put right; what is over before it could be told is not told.
    closed_at INTEGER,
    told_at INTEGER
) STRICT;

CREATE UNIQUE INDEX alerts_open ON alerts (kind, channel_id, subject) WHERE closed_at IS NULL;
