-- name: of_session(session)
SELECT number, person_id, session_key, kind, companions, takes_back, reason, made_by, made_at
FROM corrections
WHERE session_key = :session
ORDER BY number;

-- name: all()
SELECT number, person_id, session_key, kind, companions, takes_back, reason, made_by, made_at
FROM corrections
ORDER BY number;

-- name: find(number)^
SELECT number, person_id, session_key, kind, companions, takes_back, reason, made_by, made_at
FROM corrections
WHERE number = :number;

-- name: taking_back(number)^
SELECT number, person_id, session_key, kind, companions, takes_back, reason, made_by, made_at
FROM corrections
WHERE takes_back = :number;

-- name: add(person, session, kind, companions, takes_back, reason, made_by, made_at)$
INSERT INTO corrections (person_id, session_key, kind, companions, takes_back, reason, made_by, made_at)
VALUES (:person, :session, :kind, :companions, :takes_back, :reason, :made_by, :made_at)
RETURNING number;

-- name: last_made_at(session)$
SELECT max(made_at) FROM corrections WHERE session_key = :session;

-- name: broken_taking_back()
-- A correction that takes back what it cannot: another such one, or one of somebody else or of another day.
SELECT taking.number
FROM corrections taking JOIN corrections taken ON taken.number = taking.takes_back
WHERE taken.kind = 'taken_back' OR taken.person_id <> taking.person_id OR taken.session_key <> taking.session_key;
