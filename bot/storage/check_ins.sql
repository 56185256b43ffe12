-- name: find(person, session)^
SELECT person_id, session_key, companions, declared_at
FROM check_ins
WHERE person_id = :person AND session_key = :session;

-- name: of_session(session)
SELECT person_id, session_key, companions, declared_at
FROM check_ins
WHERE session_key = :session
ORDER BY declared_at, person_id;

-- name: profiles(session)
SELECT person_id, profile, companions
FROM companion_profiles
WHERE session_key = :session
ORDER BY person_id, profile;

-- name: profiles_of(person, session)
SELECT profile, companions
FROM companion_profiles
WHERE person_id = :person AND session_key = :session
ORDER BY profile;

-- name: set_profile(person, session, profile, companions)!
INSERT INTO companion_profiles (person_id, session_key, profile, companions)
VALUES (:person, :session, :profile, :companions)
ON CONFLICT (person_id, session_key, profile) DO UPDATE SET companions = excluded.companions;

-- name: drop_profile(person, session, profile)!
DELETE FROM companion_profiles WHERE person_id = :person AND session_key = :session AND profile = :profile;

-- name: broken_profiles()
-- More companions with a profile than there are companions.
SELECT person_id
FROM check_ins JOIN companion_profiles USING (person_id, session_key)
GROUP BY person_id, session_key, check_ins.companions
HAVING sum(companion_profiles.companions) > check_ins.companions;

-- name: add(person, session, companions, at)!
INSERT INTO check_ins (person_id, session_key, companions, declared_at)
VALUES (:person, :session, :companions, :at);

-- name: set_companions(person, session, companions, at)!
UPDATE check_ins SET companions = :companions, changed_at = max(declared_at, :at)
WHERE person_id = :person AND session_key = :session;
