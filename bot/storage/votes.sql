-- name: root(number)$
WITH RECURSIVE up (number, merged_into) AS (
    SELECT number, merged_into FROM questions WHERE number = :number
    UNION
    SELECT q.number, q.merged_into FROM questions q JOIN up ON q.number = up.merged_into
)
SELECT number FROM up WHERE merged_into IS NULL;

-- name: members(number)
WITH RECURSIVE members (number) AS (
    SELECT :number
    UNION
    SELECT q.number FROM questions q JOIN members m ON q.merged_into = m.number
)
SELECT number FROM members ORDER BY number;

-- name: supports(numbers, voter)$
SELECT EXISTS (
    SELECT 1 FROM question_votes
    WHERE voter_id = :voter AND number IN (SELECT value FROM json_each(:numbers))
);

-- name: add(number, voter, at)!
INSERT INTO question_votes (number, voter_id, voted_at) VALUES (:number, :voter, :at);

-- name: remove(numbers, voter)!
DELETE FROM question_votes WHERE voter_id = :voter AND number IN (SELECT value FROM json_each(:numbers));

-- name: recount(number)!
UPDATE questions
SET votes = (
    WITH RECURSIVE members (number) AS (
        SELECT :number
        UNION
        SELECT q.number FROM questions q JOIN members m ON q.merged_into = m.number
    )
    SELECT count(DISTINCT v.voter_id) FROM question_votes v JOIN members m ON m.number = v.number
)
WHERE number = :number;

-- name: broken_votes()
-- A question that is said to have more or less support than it has, with that of those that were joined to it.
WITH RECURSIVE members (root, number) AS (
    SELECT number, number FROM questions
    UNION
    SELECT m.root, q.number FROM questions q JOIN members m ON q.merged_into = m.number
)
SELECT m.root FROM members m
JOIN questions q ON q.number = m.root
LEFT JOIN question_votes v ON v.number = m.number
GROUP BY m.root, q.votes
HAVING count(DISTINCT v.voter_id) <> q.votes;
