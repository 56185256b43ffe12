-- name: everybody()
-- Those whose row an erasure has emptied are nobody that could still come.
SELECT id, name, institution, affiliation, country, profile, account, person_id, recognised, listed_at
FROM expected
WHERE key NOT LIKE 'erased-%'
ORDER BY id;

-- name: expected(id)^
SELECT id, name, institution, affiliation, country, profile, account, person_id, recognised, listed_at
FROM expected
WHERE id = :id;

-- name: expected_of_person(person)^
SELECT id, name, institution, affiliation, country, profile, account, person_id, recognised, listed_at
FROM expected
WHERE person_id = :person;

-- name: expected_of_account(account)^
SELECT id, name, institution, affiliation, country, profile, account, person_id, recognised, listed_at
FROM expected
WHERE account = :account;

-- name: possible(account, words, affiliation, country)
SELECT id, name, institution, affiliation, country, profile, account, person_id, recognised, listed_at
FROM expected
WHERE key NOT LIKE 'erased-%'
    AND (account = :account OR words = :words OR (affiliation = :affiliation AND country IS :country))
ORDER BY id;

-- name: add(key, words, name, institution, affiliation, country, profile, account, now)!
INSERT INTO expected (key, words, name, institution, affiliation, country, profile, account, listed_at, changed_at)
VALUES (:key, :words, :name, :institution, :affiliation, :country, :profile, :account, :now, :now);

-- name: clear_account(id)!
UPDATE expected SET account = NULL WHERE id = :id;

-- name: change(id, name, institution, profile, account, now)!
UPDATE expected
SET name = :name, institution = :institution, profile = :profile, account = :account,
    changed_at = max(:now, listed_at)
WHERE id = :id;

-- name: remove(id)!
DELETE FROM expected WHERE id = :id;

-- name: recognise(id, person, recognised, now)!
UPDATE expected SET person_id = :person, recognised = :recognised, recognised_at = :now WHERE id = :id;

-- name: release(person)!
UPDATE expected SET person_id = NULL, recognised = NULL, recognised_at = NULL WHERE person_id = :person;

-- name: close_doubts(person)!
UPDATE doubts SET is_open = 0 WHERE person_id = :person AND is_open = 1;

-- name: close_doubts_about(id)!
UPDATE doubts SET is_open = 0 WHERE expected_id = :id AND is_open = 1;

-- name: note_doubt(person, expected, why, was_asked, now)$
INSERT INTO doubts (person_id, expected_id, why, noted_at, was_asked, is_open)
VALUES (:person, :expected, :why, :now, :was_asked, 1)
ON CONFLICT (person_id, expected_id) DO UPDATE
SET why = excluded.why, noted_at = excluded.noted_at, was_asked = max(was_asked, excluded.was_asked), is_open = 1
RETURNING id;

-- name: open_doubts_of(person)
SELECT id, person_id, expected_id, why, noted_at, was_asked FROM doubts WHERE person_id = :person AND is_open = 1 ORDER BY id;

-- name: open_doubts()
SELECT id, person_id, expected_id, why, noted_at, was_asked FROM doubts WHERE is_open = 1 ORDER BY id;

-- name: times_asked(person)$
SELECT count(*) FROM doubts WHERE person_id = :person AND was_asked = 1;

-- name: broken_delegation()
-- Somebody expected for a country that is none.
SELECT id FROM expected WHERE country IS NOT NULL AND country NOT GLOB '[A-Z][A-Z]';
