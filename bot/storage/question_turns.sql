-- name: count_author(session, turn, author)!
UPDATE questions
SET author_turns = (
    SELECT count(*) FROM questions a WHERE a.air_session = :session AND a.turn = :turn AND a.author_key = :author
)
WHERE author_key = :author AND session_key = :session AND author_seal IS NULL;

-- name: refresh(session, turn)!
INSERT INTO question_turns (session_key, turn, taken, head, head_author_turns, head_votes)
SELECT :session, :turn, (SELECT count(*) FROM questions a WHERE a.air_session = :session AND a.turn = :turn),
    h.number, h.author_turns, h.votes
FROM (SELECT 1)
LEFT JOIN questions h ON h.number = (
    SELECT number FROM questions
    WHERE session_key = :session AND turn = :turn AND state = 'approved'
    ORDER BY author_turns, votes DESC, number
    LIMIT 1
)
WHERE true
ON CONFLICT (session_key, turn) DO UPDATE
SET taken = excluded.taken, head = excluded.head, head_author_turns = excluded.head_author_turns,
    head_votes = excluded.head_votes;

-- name: waiting(session)
SELECT t.turn, t.taken, q.number, CASE WHEN q.author_seal IS NULL THEN q.author_key END AS author, q.votes, q.author_turns
FROM question_turns t
JOIN questions q ON q.number = t.head
WHERE t.session_key = :session AND t.head IS NOT NULL
ORDER BY t.taken, t.head_author_turns, t.head_votes DESC, t.head;

-- name: of_turn(session, turn)
SELECT number, turn, CASE WHEN author_seal IS NULL THEN author_key END AS author, votes, author_turns FROM questions
WHERE session_key = :session AND turn = :turn AND state = 'approved'
ORDER BY author_turns, votes DESC, number;

-- name: by_votes(session)
SELECT number, turn, CASE WHEN author_seal IS NULL THEN author_key END AS author, votes, author_turns FROM questions
WHERE session_key = :session AND state = 'approved'
ORDER BY votes DESC, number;

-- name: by_arrival(session)
SELECT number, turn, CASE WHEN author_seal IS NULL THEN author_key END AS author, votes, author_turns FROM questions
WHERE session_key = :session AND state = 'approved'
ORDER BY number;

-- name: of_turn_in(session, turn, language)
SELECT number, turn, CASE WHEN author_seal IS NULL THEN author_key END AS author, votes, author_turns FROM questions
WHERE session_key = :session AND turn = :turn AND language = :language AND state = 'approved'
ORDER BY author_turns, votes DESC, number;

-- name: of_turn_for(session, turn, addressed_folded, language)
SELECT number, turn, CASE WHEN author_seal IS NULL THEN author_key END AS author, votes, author_turns FROM questions
WHERE session_key = :session AND addressed_folded = :addressed_folded AND turn = :turn AND language = :language
    AND state = 'approved'
ORDER BY author_turns, votes DESC, number;

-- name: by_votes_in(session, language)
SELECT number, turn, CASE WHEN author_seal IS NULL THEN author_key END AS author, votes, author_turns FROM questions
WHERE session_key = :session AND language = :language AND state = 'approved'
ORDER BY votes DESC, number;

-- name: by_votes_for(session, addressed_folded, language)
SELECT number, turn, CASE WHEN author_seal IS NULL THEN author_key END AS author, votes, author_turns FROM questions
WHERE session_key = :session AND addressed_folded = :addressed_folded AND language = :language AND state = 'approved'
ORDER BY votes DESC, number;

-- name: by_arrival_in(session, language)
SELECT number, turn, CASE WHEN author_seal IS NULL THEN author_key END AS author, votes, author_turns FROM questions
WHERE session_key = :session AND language = :language AND state = 'approved'
ORDER BY number;

-- name: by_arrival_for(session, addressed_folded, language)
SELECT number, turn, CASE WHEN author_seal IS NULL THEN author_key END AS author, votes, author_turns FROM questions
WHERE session_key = :session AND addressed_folded = :addressed_folded AND language = :language AND state = 'approved'
ORDER BY number;

-- name: waiting_turns(session)
SELECT turn, taken FROM question_turns WHERE session_key = :session AND head IS NOT NULL;

-- name: broken_turns()
-- An affiliation that is said to have had more or fewer turns than it had, or whose first question is another.
SELECT t.session_key, t.turn FROM (
    SELECT session_key, turn FROM questions UNION SELECT air_session, turn FROM questions WHERE air_session IS NOT NULL
) t
LEFT JOIN question_turns k ON k.session_key = t.session_key AND k.turn = t.turn
LEFT JOIN questions h ON h.number = (
    SELECT number FROM questions w
    WHERE w.session_key = t.session_key AND w.turn = t.turn AND w.state = 'approved'
    ORDER BY w.author_turns, w.votes DESC, w.number
    LIMIT 1
)
WHERE h.number IS NOT k.head OR h.author_turns IS NOT k.head_author_turns OR h.votes IS NOT k.head_votes
    OR coalesce(k.taken, 0) <> (
        SELECT count(*) FROM questions a WHERE a.air_session = t.session_key AND a.turn = t.turn
    );

-- name: broken_author_turns()
-- Somebody who waits is said to have had more or fewer turns than they had, or an anonymous author any.
SELECT number FROM questions q
WHERE state = 'approved' AND author_turns <> (
    SELECT count(*) FROM questions a
    WHERE a.air_session = q.session_key AND a.author_key = q.author_key AND q.author_seal IS NULL
);
