-- name: of_session(session)
SELECT place, person_id, arrived_at FROM arrivals WHERE session_key = :session ORDER BY arrived_at, person_id;

-- name: add(session, place, person, at)!
INSERT INTO arrivals (session_key, place, person_id, arrived_at) VALUES (:session, :place, :person, :at)
ON CONFLICT DO NOTHING;
