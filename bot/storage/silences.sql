-- name: add(session, person, seal, until, moderator, at)!
INSERT INTO question_silences (session_key, person_id, seal, until, moderator_id, silenced_at)
VALUES (:session, :person, :seal, :until, :moderator, :at);

-- name: until(session, person, seal, at)$
SELECT max(until) FROM question_silences
WHERE session_key = :session AND until > :at AND lifted_at IS NULL AND (person_id = :person OR seal = :seal);

-- name: lift(session, person, seal, moderator, at)!
UPDATE question_silences SET lifted_at = :at, lifted_by = :moderator
WHERE session_key = :session AND (person_id = :person OR seal = :seal) AND lifted_at IS NULL AND until > :at;
