-- name: of_session(session)
SELECT number, person_id, turn, given_at, ends_at FROM speeches WHERE session_key = :session ORDER BY number;

-- name: running(session)^
SELECT number, person_id, turn, given_at, ends_at FROM speeches WHERE session_key = :session AND ended_at IS NULL;

-- name: next_number(session)$
SELECT coalesce(max(number), 0) + 1 FROM speeches WHERE session_key = :session;

-- name: add(session, number, person, turn, at, ends, by)!
INSERT INTO speeches (session_key, number, person_id, turn, given_at, ends_at, given_by)
VALUES (:session, :number, :person, :turn, :at, :ends, :by);

-- name: end(session, at)!
UPDATE speeches SET ended_at = max(given_at, :at) WHERE session_key = :session AND ended_at IS NULL;
