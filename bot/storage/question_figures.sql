-- name: standings(session, at)
SELECT t.to_state AS state, t.reason, t.in_writing, q.language, q.affiliation,
    q.author_seal IS NOT NULL AS anonymous, count(*) AS how_many
FROM questions q
JOIN question_transitions t ON t.id = (
    SELECT max(id) FROM question_transitions WHERE number = q.number AND at <= :at
)
WHERE q.session_key = :session
GROUP BY 1, 2, 3, 4, 5, 6;

-- name: waits(session, at)
-- How long each that was asked by name waited until it was first on air, unless that was taken back.
SELECT min(t.at) - q.asked_at AS waited
FROM questions q
JOIN question_transitions t ON t.number = q.number
WHERE q.session_key = :session AND q.author_seal IS NULL AND t.to_state = 'on_air' AND t.undoes IS NULL AND t.at <= :at
    AND NOT EXISTS (
        SELECT 1 FROM question_transitions u WHERE u.number = t.number AND u.undoes <= t.id AND u.id > t.id AND u.at <= :at
    )
GROUP BY q.number, q.asked_at;

-- name: repeats(session)$
SELECT coalesce(sum(repeats), 0) FROM question_counts WHERE session_key = :session;
