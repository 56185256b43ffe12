-- name: add(session, person, country, institution, language, title, text, results, at)$
INSERT INTO practices (
    session_key, person_id, country, institution, language, title, text, results, recorded_at, state, moved_at
)
VALUES (:session, :person, :country, :institution, :language, :title, :text, :results, :at, 'pending', :at)
RETURNING number;

-- name: find(number)^
SELECT
    number, session_key, person_id, country, institution, language, title, text, results, recorded_at, state,
    moved_at, decided_by, reason
FROM practices
WHERE number = :number;

-- name: same(person, session, title, text)^
SELECT
    number, session_key, person_id, country, institution, language, title, text, results, recorded_at, state,
    moved_at, decided_by, reason
FROM practices
WHERE person_id = :person AND session_key = :session AND title = :title AND text = :text AND state <> 'withdrawn';

-- name: all()
SELECT
    number, session_key, person_id, country, institution, language, title, text, results, recorded_at, state,
    moved_at, decided_by, reason
FROM practices
WHERE state <> 'withdrawn'
ORDER BY session_key, number;

-- name: count_of(person)$
SELECT count(*) FROM practices WHERE person_id = :person AND state <> 'withdrawn';

-- name: move(number, state, by, reason, at)!
UPDATE practices SET state = :state, decided_by = :by, reason = :reason, moved_at = :at WHERE number = :number;
