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

-- name: alike(session, words, newest, how_many)
-- Of the newest that have each of the words, those that wait: first those that share the most and the rarest words.
-- Joined in this order and no other: SQLite, which knows nothing of how rare a word is, may begin with all the questions.
-- Where the text is another than the author's first, what that one folded to says nothing about it.
WITH shared AS (
    SELECT j.value AS word, w.number
    FROM json_each(:words) j
    CROSS JOIN question_words w ON w.session_key = :session AND w.word = j.value AND w.number >= coalesce((
        SELECT number FROM question_words
        WHERE session_key = :session AND word = j.value
        ORDER BY number DESC
        LIMIT 1 OFFSET :newest - 1
    ), 0)
    CROSS JOIN questions q ON q.number = w.number AND q.state IN ('pending', 'approved')
), weighed AS (
    SELECT number, 1.0 / count(*) OVER (PARTITION BY word) AS weight FROM shared
), candidates AS (
    SELECT number, sum(weight) AS weight FROM weighed GROUP BY number ORDER BY sum(weight) DESC, number LIMIT :how_many
)
SELECT q.number, q.author_id, q.author_seal, q.state, q.text,
    CASE WHEN NOT EXISTS (SELECT 1 FROM question_texts t WHERE t.number = q.number) THEN q.folded END AS folded
FROM candidates c
CROSS JOIN questions q ON q.number = c.number
ORDER BY c.weight DESC, c.number;

-- name: with_prefix(session, low, high, states, looked_at, how_many)
SELECT DISTINCT q.number FROM (
    SELECT number FROM question_words
    WHERE session_key = :session AND word >= :low AND word < :high
    LIMIT :looked_at
) w
JOIN questions q ON q.number = w.number
WHERE q.state IN (SELECT value FROM json_each(:states))
LIMIT :how_many;
