-- name: roles()
SELECT person_id, role_id, given_at FROM given_roles ORDER BY person_id, role_id;

-- name: roles_of(person)
SELECT person_id, role_id, given_at FROM given_roles WHERE person_id = :person ORDER BY role_id;

-- name: give(person, role, now)!
INSERT INTO given_roles (person_id, role_id, given_at) VALUES (:person, :role, :now)
ON CONFLICT (person_id, role_id) DO UPDATE SET given_at = excluded.given_at;

-- name: take(person, role)!
DELETE FROM given_roles WHERE person_id = :person AND role_id = :role;
