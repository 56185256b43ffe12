-- name: add(number, text, moderator, at)$
INSERT INTO question_answers (number, generation, text, moderator_id, answered_at)
SELECT :number, 1 + coalesce(max(generation), 0), :text, :moderator, :at FROM question_answers WHERE number = :number
RETURNING generation;

-- name: last(number)^
SELECT number, generation, text, moderator_id, answered_at, message_id FROM question_answers
WHERE number = :number
ORDER BY generation DESC
LIMIT 1;

-- name: of_session(session)
SELECT a.number, a.generation, a.text, a.moderator_id, a.answered_at, a.message_id
FROM question_answers a
JOIN questions q ON q.number = a.number
WHERE q.session_key = :session
    AND a.generation = (SELECT max(generation) FROM question_answers WHERE number = a.number)
ORDER BY a.number;

-- name: unposted()
SELECT a.number, a.generation, a.text, a.moderator_id, a.answered_at, a.message_id
FROM question_answers a
WHERE a.message_id IS NULL
    AND a.generation = (SELECT max(generation) FROM question_answers WHERE number = a.number)
ORDER BY a.answered_at, a.number;

-- name: posted(number)$
SELECT message_id FROM question_answers
WHERE number = :number AND message_id IS NOT NULL
ORDER BY generation DESC
LIMIT 1;

-- name: note_posted(number, generation, message)!
UPDATE question_answers SET message_id = :message WHERE number = :number AND generation = :generation;
