-- name: keep_replaced(number, at, replaced_by, moderator)!
-- What an anonymous author changes before anybody has approved it is gone; that there was a text tells one from another.
INSERT INTO question_texts (number, text, replaced_at, replaced_by, moderator_id)
SELECT number, CASE WHEN :replaced_by = 'author' AND author_seal IS NOT NULL AND state = 'pending' THEN '' ELSE text END,
    :at, :replaced_by, :moderator FROM questions WHERE number = :number;

-- name: came_with(number, step)!
UPDATE question_texts SET step = :step WHERE id = (SELECT max(id) FROM question_texts WHERE number = :number);

-- name: before_steps(number, steps)$
SELECT text FROM question_texts
WHERE number = :number AND step IN (SELECT value FROM json_each(:steps))
ORDER BY id
LIMIT 1;

-- name: replaced(number)
SELECT number, text, replaced_at, replaced_by, moderator_id FROM question_texts
WHERE number = :number AND text <> ''
ORDER BY id;

-- name: forget_words(number)!
DELETE FROM question_words WHERE number = :number;

-- name: keep_words(session, number, words)!
INSERT INTO question_words (session_key, word, number)
SELECT :session, value, :number FROM json_each(:words);

-- name: with_word(session, word, how_many)
-- The newest that have the word, of those that wait.
SELECT q.number FROM (
    SELECT number FROM question_words
    WHERE session_key = :session AND word = :word
    ORDER BY number DESC
    LIMIT :how_many
) w
JOIN questions q ON q.number = w.number
WHERE q.state IN ('pending', 'approved');

-- name: with_prefix(session, low, high, states, looked_at, how_many)
SELECT DISTINCT q.number FROM (
    SELECT number FROM question_words
    WHERE session_key = :session AND word >= :low AND word < :high
    LIMIT :looked_at
) w
JOIN questions q ON q.number = w.number
WHERE q.state IN (SELECT value FROM json_each(:states))
LIMIT :how_many;
