-- name: all_given()
SELECT c.number, c.person_id, c.code, c.issued_at, s.since, s.is_valid, s.sessions, s.measured_days, s.corrected_days,
       s.declared_days, s.unseen_days, s.measured, s.seen
FROM certificates c
JOIN certificate_states s ON s.id = (SELECT max(id) FROM certificate_states WHERE number = c.number)
ORDER BY c.number;

-- name: of_person(person)^
SELECT c.number, c.person_id, c.code, c.issued_at, s.since, s.is_valid, s.sessions, s.measured_days, s.corrected_days,
       s.declared_days, s.unseen_days, s.measured, s.seen
FROM certificates c
JOIN certificate_states s ON s.id = (SELECT max(id) FROM certificate_states WHERE number = c.number)
WHERE c.person_id = :person;

-- name: of_code(code)^
SELECT c.number, c.person_id, c.code, c.issued_at, s.since, s.is_valid, s.sessions, s.measured_days, s.corrected_days,
       s.declared_days, s.unseen_days, s.measured, s.seen
FROM certificates c
JOIN certificate_states s ON s.id = (SELECT max(id) FROM certificate_states WHERE number = c.number)
WHERE c.code = :code;

-- name: give(person, code, at)$
INSERT INTO certificates (number, person_id, code, issued_at)
VALUES ((SELECT coalesce(max(number), 0) + 1 FROM certificates), :person, :code, :at)
RETURNING number;

-- name: add_state(number, since, is_valid, sessions, measured_days, corrected_days, declared_days, unseen_days, measured, seen)!
INSERT INTO certificate_states (number, since, is_valid, sessions, measured_days, corrected_days, declared_days,
                                unseen_days, measured, seen)
VALUES (:number, :since, :is_valid, :sessions, :measured_days, :corrected_days, :declared_days, :unseen_days,
        :measured, :seen);

-- name: broken_state()
-- A certificate that says nothing.
SELECT number FROM certificates c WHERE NOT EXISTS (SELECT 1 FROM certificate_states WHERE number = c.number);
