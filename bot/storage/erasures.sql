-- name: applied()
SELECT tombstone FROM erasures;

-- name: unsealed()
SELECT tombstone FROM erasures WHERE sealed_at IS NULL;

-- name: not_returned()
SELECT tombstone FROM erasures WHERE returned_at IS NULL;

-- name: returned_untold()
SELECT tombstone FROM erasures WHERE returned_at IS NOT NULL AND told_at IS NULL;

-- name: note_applied(tombstone, at, sealed_at)!
INSERT INTO erasures (tombstone, applied_at, sealed_at) VALUES (:tombstone, :at, :sealed_at)
ON CONFLICT (tombstone) DO NOTHING;

-- name: note_sealed(at)!
UPDATE erasures SET sealed_at = :at WHERE sealed_at IS NULL;

-- name: note_returned(tombstone, at)!
UPDATE erasures SET returned_at = :at WHERE tombstone = :tombstone AND returned_at IS NULL;

-- name: note_told(tombstone, at)!
UPDATE erasures SET told_at = :at WHERE tombstone = :tombstone AND returned_at IS NOT NULL AND told_at IS NULL;

-- name: count_erasures()$
SELECT count(*) FROM erasures;

-- name: everybody_waiting_erased()
-- Questions that wait without a text of their own.
SELECT number, session_key FROM questions
WHERE text = '[…]' AND state IN ('pending', 'approved', 'deferred')
ORDER BY number;

-- name: broken_erased()
-- Somebody who was erased and still has a name.
SELECT person_id FROM participants WHERE person_id < 0 AND (name <> '[…]' OR institution <> '[…]');

-- name: has_words()$
SELECT EXISTS (SELECT 1 FROM questions WHERE text <> '[…]')
    OR EXISTS (SELECT 1 FROM question_answers WHERE text <> '[…]')
    OR EXISTS (SELECT 1 FROM expected WHERE name <> '[…]')
    OR EXISTS (SELECT 1 FROM practices)
    OR EXISTS (SELECT 1 FROM materials)
    OR EXISTS (SELECT 1 FROM facts WHERE name LIKE 'lookalike/%');

-- name: how_many_texts()$
SELECT count(*) FROM questions WHERE text <> '[…]';

-- name: last_applied()$
SELECT tombstone FROM erasures ORDER BY applied_at DESC, rowid DESC LIMIT 1;
