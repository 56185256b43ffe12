-- name: order(number, what, generation, now)!
INSERT INTO question_takedowns (number, what, generation, ordered_at)
VALUES (:number, :what, :generation, :now)
ON CONFLICT (number, what, generation) DO NOTHING;

-- name: open()
SELECT id, number, what, generation FROM question_takedowns WHERE done_at IS NULL ORDER BY id;

-- name: done(id, now)!
UPDATE question_takedowns SET done_at = :now WHERE id = :id AND done_at IS NULL;

-- name: broken_takedowns()
-- A question that is known by a post which is to be removed, or has been.
SELECT q.number FROM questions q
JOIN question_takedowns d ON d.number = q.number AND d.what = 'question' AND d.generation = q.showings
WHERE q.posted_message_id IS NOT NULL;

-- name: broken_withdrawn_answers()
-- An answer that was taken back and whose post stays, or one that holds and whose post is to be removed.
SELECT a.number FROM question_answers a
LEFT JOIN question_takedowns d ON d.number = a.number AND d.what = 'answer' AND d.generation = a.generation
WHERE (a.withdrawn_at IS NULL) <> (d.id IS NULL);
