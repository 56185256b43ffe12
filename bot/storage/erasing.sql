-- name: numbers_of(person)
SELECT number FROM questions WHERE author_id = :person;

-- name: numbers_filed_for(name)
SELECT number, filed_for FROM questions WHERE filed_for IS NOT NULL AND number NOT IN (SELECT value FROM json_each(:name));

-- name: name_of(person)$
SELECT name FROM participants WHERE person_id = :person;

-- name: names_expected_of(person)
SELECT name FROM expected WHERE person_id = :person;

-- name: expect_no_more(account, words, person)!
-- The line of the organizers' list that is theirs though nobody recognised them: by their account, or by name and
-- delegation.
UPDATE expected
SET key = 'erased-' || lower(hex(randomblob(8))), words = '[…]', name = '[…]', institution = '', account = NULL
WHERE person_id IS NULL AND (
    account IN (SELECT value FROM json_each(:account))
    OR (words = :words AND EXISTS (
        SELECT 1 FROM standings s
        WHERE s.person_id = :person AND s.affiliation = expected.affiliation AND s.country IS expected.country
    ))
);

-- name: texts_of(numbers)
SELECT text FROM questions WHERE number IN (SELECT value FROM json_each(:numbers))
UNION
SELECT text FROM question_texts WHERE number IN (SELECT value FROM json_each(:numbers));

-- name: answered_with(numbers)
-- These and what they were joined to: an answer to that is one to them.
WITH RECURSIVE up (number, merged_into) AS (
    SELECT number, merged_into FROM questions WHERE number IN (SELECT value FROM json_each(:numbers))
    UNION
    SELECT q.number, q.merged_into FROM questions q JOIN up ON q.number = up.merged_into
)
SELECT number FROM up;

-- name: erase_questions(numbers)!
UPDATE questions
SET text = '[…]', folded = 'erased ' || number, held_words = '[]', words = NULL, addressed_to = NULL,
    addressed_folded = NULL,
    filed_for = iif(filed_for IS NULL, NULL, 'erased-' || lower(hex(randomblob(8))))
WHERE number IN (SELECT value FROM json_each(:numbers));

-- name: erase_earlier_texts(numbers)!
UPDATE question_texts SET text = '[…]' WHERE number IN (SELECT value FROM json_each(:numbers));

-- name: erase_words_of_steps(numbers)!
UPDATE question_transitions SET words = NULL WHERE number IN (SELECT value FROM json_each(:numbers));

-- name: forget_words(numbers)!
DELETE FROM question_words WHERE number IN (SELECT value FROM json_each(:numbers));

-- name: numbers_with_words(words, how_many)
SELECT number FROM question_words
WHERE word IN (SELECT value FROM json_each(:words))
GROUP BY number
HAVING count(DISTINCT word) >= :how_many;

-- name: addressed(folded)
SELECT number FROM questions WHERE addressed_folded = :folded;

-- name: unaddress(numbers)!
UPDATE questions SET addressed_to = NULL, addressed_folded = NULL
WHERE number IN (SELECT value FROM json_each(:numbers));

-- name: text_of(number)^
SELECT number, session_key, text FROM questions WHERE number = :number;

-- name: set_text(number, text)!
UPDATE questions SET text = :text, folded = 'erased ' || number WHERE number = :number;

-- name: organizations_of(numbers)
SELECT DISTINCT session_key AS session, affiliation FROM questions
WHERE affiliation LIKE 'organization:%' AND number IN (SELECT value FROM json_each(:numbers))
UNION
SELECT DISTINCT air_session, affiliation FROM questions
WHERE affiliation LIKE 'organization:%' AND air_session IS NOT NULL AND number IN (SELECT value FROM json_each(:numbers));

-- name: rename_organization(numbers, before, after)!
UPDATE questions SET affiliation = :after
WHERE affiliation = :before AND number IN (SELECT value FROM json_each(:numbers));

-- name: drop_empty_turns()!
DELETE FROM question_turns
WHERE turn LIKE 'organization:%' AND NOT EXISTS (
    SELECT 1 FROM questions q
    WHERE q.turn = question_turns.turn
        AND (q.session_key = question_turns.session_key OR q.air_session = question_turns.session_key)
);

-- name: seals()
SELECT author_seal AS seal FROM questions WHERE author_seal IS NOT NULL
UNION
SELECT seal FROM question_silences WHERE seal IS NOT NULL;

-- name: sealed_numbers(seal)
SELECT number FROM questions WHERE author_seal = :seal;

-- name: reseal(before, after)!
UPDATE questions SET author_seal = :after WHERE author_seal = :before;

-- name: drop_sealed_silences(seal)!
DELETE FROM question_silences WHERE seal = :seal;

-- name: end_open_stays(at)!
-- Those of the people who are erased now; without an instant, when they were last seen for certain.
UPDATE stays
SET closed_at = max(opened_at, coalesce(:at, (SELECT seen_to FROM registers r WHERE r.session_key = stays.session_key))),
    closed_by = iif(:at IS NULL, 'lost_sight', 'left')
WHERE closed_at IS NULL AND person_id IN (SELECT person FROM temp.erased_now);

-- name: published()
SELECT session_key, channel_id, generation, texts FROM published_summaries;

-- name: set_published(session, channel, generation, texts)!
UPDATE published_summaries SET texts = :texts
WHERE session_key = :session AND channel_id = :channel AND generation = :generation;

-- name: flag_facts()
SELECT name, value FROM facts WHERE name LIKE 'lookalike/%';

-- name: forget_fact(name)!
DELETE FROM facts WHERE name = :name;
