-- Which erasures this database has undergone, and which posts of the bot's are still to be changed for them.
--
-- Who was erased stands in no row. A person who was erased goes on in the figures under a negative number drawn by
-- lot; the tombstone of the erasure, in a file beside the database, has no link to that number.

CREATE TABLE erasures (
    -- The tombstone's id.
    tombstone TEXT PRIMARY KEY,
    applied_at INTEGER NOT NULL,
    -- When anonymous questions were sought too, for which the anonymity key is needed; NULL: not yet.
    sealed_at INTEGER,
    -- When the person came back and a new record of theirs began; NULL: they did not, or everybody was erased.
    returned_at INTEGER,
    -- When the person was told so.
    told_at INTEGER,
    CHECK (told_at IS NULL OR returned_at IS NOT NULL)
) STRICT;

-- A message of the bot's that may carry a name or a text that was erased.
CREATE TABLE erasure_posts (
    id INTEGER PRIMARY KEY,
    -- 'question' and 'answer' are made anew, of a 'list' the lines of the questions go, a 'live' one is kept up to
    -- date by itself or taken away, a 'flag' is taken away.
    kind TEXT NOT NULL CHECK (kind IN ('question', 'answer', 'list', 'live', 'flag')),
    channel_id INTEGER NOT NULL,
    -- The message, or the notice of which it is not known yet whether it is in the channel.
    message_id INTEGER,
    notice_id INTEGER,
    -- The questions concerned: a JSON list of their numbers.
    numbers TEXT NOT NULL,
    noted_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    -- What organizers are to be told of, until they were; what was changed has no row any more.
    outcome TEXT CHECK (outcome IN ('removed', 'unreachable')),
    settled_at INTEGER,
    CHECK ((message_id IS NULL) <> (notice_id IS NULL)),
    CHECK ((outcome IS NULL) = (settled_at IS NULL))
) STRICT;

CREATE UNIQUE INDEX erasure_posts_waiting ON erasure_posts (kind, coalesce(message_id, -notice_id)) WHERE outcome IS NULL;
