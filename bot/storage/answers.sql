-- name: add(number, text, moderator, at, step)$
INSERT INTO question_answers (number, generation, text, moderator_id, answered_at, step)
SELECT :number, 1 + coalesce(max(generation), 0), :text, :moderator, :at, :step FROM question_answers
WHERE number = :number
RETURNING generation;

-- name: last(number)^
SELECT number, generation, text, moderator_id, answered_at, message_id FROM question_answers
WHERE number = :number AND withdrawn_at IS NULL
ORDER BY generation DESC
LIMIT 1;

-- name: since(number, step)
SELECT number, generation, text, moderator_id, answered_at, message_id FROM question_answers
WHERE number = :number AND withdrawn_at IS NULL AND step >= :step
ORDER BY generation;

-- name: last_change(number)^
SELECT coalesce(withdrawn_by, moderator_id) AS moderator_id, coalesce(withdrawn_at, answered_at) AS at
FROM question_answers
WHERE number = :number
ORDER BY generation DESC
LIMIT 1;

-- name: how_many(number)$
SELECT count(*) FROM question_answers WHERE number = :number AND withdrawn_at IS NULL;

-- name: withdraw(number, generation, moderator, at)!
UPDATE question_answers SET withdrawn_at = :at, withdrawn_by = :moderator
WHERE number = :number AND generation = :generation AND withdrawn_at IS NULL;

-- name: of_session(session)
SELECT a.number, a.generation, a.text, a.moderator_id, a.answered_at, a.message_id
FROM question_answers a
JOIN questions q ON q.number = a.number
WHERE q.session_key = :session
    AND a.generation = (
        SELECT max(generation) FROM question_answers WHERE number = a.number AND withdrawn_at IS NULL
    )
ORDER BY a.number;

-- name: recent(session, moderator, how_many)
-- The last ones that somebody wrote.
SELECT DISTINCT a.number FROM question_answers a
JOIN questions q ON q.number = a.number
WHERE q.session_key = :session AND a.moderator_id = :moderator AND a.withdrawn_at IS NULL
ORDER BY a.answered_at DESC, a.number DESC
LIMIT :how_many;

-- name: unposted()
SELECT a.number, a.generation, a.text, a.moderator_id, a.answered_at, a.message_id
FROM question_answers a
WHERE a.message_id IS NULL
    AND a.generation = (
        SELECT max(generation) FROM question_answers WHERE number = a.number AND withdrawn_at IS NULL
    )
ORDER BY a.answered_at, a.number;

-- name: posted(number)$
SELECT message_id FROM question_answers
WHERE number = :number AND message_id IS NOT NULL AND withdrawn_at IS NULL
ORDER BY generation DESC
LIMIT 1;

-- name: note_posted(number, generation, message)!
UPDATE question_answers SET message_id = :message
WHERE number = :number AND generation = :generation AND withdrawn_at IS NULL;
