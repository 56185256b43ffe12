-- name: find(person, session)^
SELECT person_id, session_key, companions, declared_at
FROM check_ins
WHERE person_id = :person AND session_key = :session;

-- name: of_session(session)
SELECT person_id, session_key, companions, declared_at
FROM check_ins
WHERE session_key = :session
ORDER BY declared_at, person_id;

-- name: add(person, session, companions, at)!
INSERT INTO check_ins (person_id, session_key, companions, declared_at)
VALUES (:person, :session, :companions, :at);

-- name: set_companions(person, session, companions, at)!
UPDATE check_ins SET companions = :companions, changed_at = max(declared_at, :at)
WHERE person_id = :person AND session_key = :session;
