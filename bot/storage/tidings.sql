-- name: wanted(person)$
SELECT EXISTS (SELECT 1 FROM question_messages_wanted WHERE person_id = :person);

-- name: want(person, at)!
INSERT INTO question_messages_wanted (person_id, since) VALUES (:person, :at) ON CONFLICT (person_id) DO NOTHING;

-- name: want_no_more(person)!
DELETE FROM question_messages_wanted WHERE person_id = :person;

-- name: drop_of_person(person)!
DELETE FROM question_tidings WHERE person_id = :person;

-- name: add(number, state, at)!
-- Nobody who asked anonymously has an id here.
INSERT INTO question_tidings (person_id, number, state, moved_at)
SELECT q.author_id, q.number, :state, :at
FROM questions q
JOIN question_messages_wanted w ON w.person_id = q.author_id
WHERE q.number = :number
ON CONFLICT (person_id, number) DO UPDATE SET state = excluded.state, moved_at = excluded.moved_at;

-- name: drop(number, kept)!
DELETE FROM question_tidings WHERE number = :number AND state <> :kept;

-- name: untold(how_many)
SELECT id, person_id, number, state, moved_at FROM question_tidings ORDER BY moved_at, id LIMIT :how_many;

-- name: note_told(id, state, at)!
DELETE FROM question_tidings WHERE id = :id AND state = :state AND moved_at = :at;

-- name: broken_tidings()
-- Something to be told about an anonymous question.
SELECT t.id FROM question_tidings t JOIN questions q ON q.number = t.number WHERE q.author_id IS NOT t.person_id;
