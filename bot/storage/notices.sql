-- name: part(key, channel_id, generation, part)^
SELECT id, state, built_at, claimed_at, sent_at, message_id, attempts, reason
FROM notices
WHERE key = :key AND channel_id = :channel_id AND generation = :generation AND part = :part;

-- name: built_at(key, channel_id, generation)$
-- The instant of a content of which something is, or may be, in the channel.
SELECT min(built_at)
FROM notices
WHERE key = :key AND channel_id = :channel_id AND generation = :generation AND state <> 'failed';

-- name: claim(key, channel_id, generation, part, built_at, now)!
INSERT INTO notices (key, channel_id, generation, part, state, built_at, claimed_at)
VALUES (:key, :channel_id, :generation, :part, 'claimed', :built_at, :now)
ON CONFLICT (key, channel_id, generation, part) DO UPDATE
SET state = 'claimed', built_at = excluded.built_at, claimed_at = excluded.claimed_at, attempts = attempts + 1
WHERE state IN ('claimed', 'failed');

-- name: try_again(key, channel_id, generation, part)!
UPDATE notices SET attempts = attempts + 1
WHERE key = :key AND channel_id = :channel_id AND generation = :generation AND part = :part AND state = 'claimed';

-- name: confirm(key, channel_id, generation, part, message_id, sent_at)!
UPDATE notices SET state = 'sent', message_id = :message_id, sent_at = :sent_at, reason = NULL
WHERE key = :key AND channel_id = :channel_id AND generation = :generation AND part = :part AND state <> 'sent';

-- name: fail(key, channel_id, generation, part, reason)!
UPDATE notices SET state = 'failed', reason = :reason
WHERE key = :key AND channel_id = :channel_id AND generation = :generation AND part = :part AND state = 'claimed';

-- name: doubt(key, channel_id, generation, part, reason)!
-- The attempt ended without an answer: it may be in the channel.
UPDATE notices SET reason = :reason
WHERE key = :key AND channel_id = :channel_id AND generation = :generation AND part = :part AND state = 'claimed';

-- name: give_up_confirming(key, channel_id, generation, part)!
UPDATE notices SET state = 'unconfirmed'
WHERE key = :key AND channel_id = :channel_id AND generation = :generation AND part = :part AND state = 'claimed';

-- name: may_be_there(key, channel_id, generation)$
SELECT count(*) FROM notices
WHERE key = :key AND channel_id = :channel_id AND generation = :generation AND state <> 'failed';

-- name: messages(key, channel_id, generation)
SELECT part, state, message_id FROM notices
WHERE key = :key AND channel_id = :channel_id AND generation = :generation
ORDER BY part;

-- name: anywhere(key, generation)
-- What was ever sent to any channel.
SELECT channel_id, part, state, claimed_at, message_id FROM notices
WHERE key = :key AND generation = :generation
ORDER BY channel_id, part;

-- name: attempts(key, channel_id, generation)$
SELECT max(attempts) FROM notices
WHERE key = :key AND channel_id = :channel_id AND generation = :generation;

-- name: hold_cue(key, channel_id, kind, due_at, notice, place)!
INSERT INTO cues (key, channel_id, kind, due_at, outcome, notice, place)
VALUES (:key, :channel_id, :kind, :due_at, 'claimed', :notice, :place)
ON CONFLICT (key, channel_id) DO UPDATE
SET outcome = 'claimed', notice = excluded.notice, place = excluded.place
WHERE outcome = 'failing';

-- name: release_cues(notice, channel_id)!
UPDATE cues SET outcome = 'failing'
WHERE notice = :notice AND channel_id = :channel_id AND outcome = 'claimed';

-- name: settle_cues(notice, channel_id, outcome, now)!
UPDATE cues SET outcome = :outcome, settled_at = :now
WHERE notice = :notice AND channel_id = :channel_id AND outcome = 'claimed';

-- name: skip_cue(key, channel_id, kind, due_at, now)$
INSERT INTO cues (key, channel_id, kind, due_at, outcome, settled_at)
VALUES (:key, :channel_id, :kind, :due_at, 'skipped', :now)
ON CONFLICT (key, channel_id) DO UPDATE
SET outcome = CASE WHEN outcome = 'failing' THEN 'failed' ELSE outcome END,
    settled_at = CASE WHEN outcome = 'failing' THEN excluded.settled_at ELSE settled_at END
RETURNING outcome;

-- name: recorded(channel_id)
SELECT key FROM cues WHERE channel_id = :channel_id AND outcome <> 'failing';

-- name: cue_outcome(key, channel_id)$
SELECT outcome FROM cues WHERE key = :key AND channel_id = :channel_id;

-- name: forget_cue(key, channel_id)!
DELETE FROM cues WHERE key = :key AND channel_id = :channel_id AND outcome IN ('claimed', 'failing');

-- name: open_claims(channel_id)
SELECT notice, key FROM cues
WHERE channel_id = :channel_id AND outcome = 'claimed'
ORDER BY due_at, notice, place;

-- name: ledger()
SELECT cues.key, cues.channel_id, cues.kind, cues.due_at, cues.outcome, cues.notice, cues.settled_at,
    (SELECT min(sent_at) FROM notices
     WHERE notices.key = cues.notice AND notices.channel_id = cues.channel_id AND notices.part = 1) AS sent_at
FROM cues
ORDER BY cues.due_at, cues.key, cues.channel_id;

-- name: broken_sent_cues()
-- A cue that was sent and of which no message is known.
SELECT cues.key FROM cues
WHERE cues.outcome = 'sent' AND NOT EXISTS (
    SELECT 1 FROM notices
    WHERE notices.key = cues.notice AND notices.channel_id = cues.channel_id AND notices.state = 'sent'
);
