-- name: asked(session, at)
-- Withdrawn ones too: they were received.
SELECT author_id, count(*) AS how_many
FROM questions
WHERE session_key = :session AND author_id IS NOT NULL AND asked_at <= :at
GROUP BY author_id
ORDER BY author_id;
