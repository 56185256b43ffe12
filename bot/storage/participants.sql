-- name: participant(person)^
SELECT p.person_id, p.name, p.institution, p.language, p.consented_at, p.registered_at, p.consent_given_to,
       s.affiliation, s.country, s.profile
FROM participants p
JOIN standings s ON s.id = (SELECT max(id) FROM standings WHERE person_id = p.person_id)
WHERE p.person_id = :person AND p.person_id > 0;

-- name: participants()
SELECT p.person_id, p.name, p.institution, p.language, p.consented_at, p.registered_at, p.consent_given_to,
       s.affiliation, s.country, s.profile
FROM participants p
JOIN standings s ON s.id = (SELECT max(id) FROM standings WHERE person_id = p.person_id)
-- Those who were erased count on by their standings alone.
WHERE p.person_id > 0
ORDER BY p.person_id;

-- name: keep(person, name, institution, language, consented_at, consent_given_to, at)!
INSERT INTO participants
    (person_id, name, institution, language, consented_at, consent_given_to, registered_at, changed_at)
VALUES (:person, :name, :institution, :language, :consented_at, :consent_given_to, :at, :at)
ON CONFLICT (person_id) DO UPDATE
SET name = excluded.name, institution = excluded.institution, language = excluded.language,
    consented_at = excluded.consented_at, consent_given_to = excluded.consent_given_to,
    changed_at = max(excluded.changed_at, participants.registered_at);

-- name: add_standing(person, affiliation, country, profile, at)!
INSERT INTO standings (person_id, affiliation, country, profile, since)
VALUES (:person, :affiliation, :country, :profile, :at);

-- name: standings_at(at)
SELECT person_id, affiliation, country, profile
FROM standings s
WHERE id = (SELECT max(id) FROM standings WHERE person_id = s.person_id AND since <= :at)
ORDER BY person_id;

-- name: broken_standing()
-- Somebody who is registered and counts for nobody.
SELECT person_id FROM participants p WHERE NOT EXISTS (SELECT 1 FROM standings WHERE person_id = p.person_id);
