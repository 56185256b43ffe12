-- name: question(number)^
SELECT number, session_key, author_id, author_seal, sealed_under, filed_for, filed_by, text, held_words, language,
    addressed_to, state, asked_at, moved_at, moved_by, reason, words, in_writing, merged_into, air_session, showings,
    votes, (SELECT count(*) FROM question_texts t WHERE t.number = questions.number) AS edits
FROM questions
WHERE number = :number;

-- name: turn_of(number)^
SELECT session_key, turn, author_key, air_session FROM questions WHERE number = :number;

-- name: same_text(session, author, seal, folded)$
SELECT min(number) FROM questions
WHERE author_key IN (CAST(:author AS TEXT), :seal) AND session_key = :session AND folded = :folded
    AND state <> 'withdrawn';

-- name: add(session, author, seal, sealed_under, filed_for, filed_by, affiliation, text, folded, held_words, language, addressed_to, addressed_folded, at)$
INSERT INTO questions (
    session_key, author_id, author_seal, sealed_under, filed_for, filed_by, affiliation, text, folded, held_words,
    language, addressed_to, addressed_folded, state, asked_at, moved_at
)
VALUES (
    :session, :author, :seal, :sealed_under, :filed_for, :filed_by, :affiliation, :text, :folded, :held_words,
    :language, :addressed_to, :addressed_folded, 'pending', :at, :at
)
RETURNING number;

-- name: set_author_turns(number)!
UPDATE questions
SET author_turns = (
    SELECT count(*) FROM questions a
    WHERE a.air_session = questions.session_key AND a.turn = questions.turn AND a.author_key = questions.author_key
)
WHERE number = :number AND author_seal IS NULL;

-- name: set_text(number, text, folded, held_words)!
UPDATE questions SET text = :text, folded = coalesce(:folded, folded), held_words = :held_words WHERE number = :number;

-- name: add_repeat(number)!
UPDATE questions SET repeats = repeats + 1 WHERE number = :number;

-- name: of_author_in(session, author, seal)^
-- Of an anonymous one there is no instant that would tell how long ago it was.
SELECT count(*) AS how_many, max(CASE WHEN author_seal IS NULL THEN asked_at END) AS last_asked_at FROM questions
WHERE author_key IN (CAST(:author AS TEXT), :seal) AND session_key = :session AND state <> 'withdrawn';

-- name: count_in(session, states)$
SELECT coalesce(sum(how_many), 0) FROM question_counts
WHERE session_key = :session AND state IN (SELECT value FROM json_each(:states));

-- name: place(session, number)$
SELECT count(*) FROM questions
WHERE session_key = :session AND state IN ('pending', 'approved') AND number <= :number;

-- name: move(number, to_state, at, moderator, reason, words, in_writing, merged_into, air_session, shown)!
UPDATE questions
SET state = :to_state, moved_at = :at, moved_by = :moderator, reason = :reason, words = :words,
    in_writing = :in_writing, merged_into = :merged_into, air_session = :air_session, showings = showings + :shown,
    posted_message_id = CASE WHEN :shown THEN NULL ELSE posted_message_id END
WHERE number = :number;

-- name: log_transition(number, at, moved_by, moderator, from_state, to_state, reason, words, undoes, in_writing, merged_into, air_session, took_off)!
INSERT INTO question_transitions (
    number, at, moved_by, moderator_id, from_state, to_state, reason, words, undoes, in_writing, merged_into,
    air_session, took_off, showing
)
VALUES (
    :number, :at, :moved_by, :moderator, :from_state, :to_state, :reason, :words, :undoes, :in_writing, :merged_into,
    :air_session, :took_off,
    CASE WHEN :to_state = 'on_air' AND :undoes IS NULL THEN (SELECT showings FROM questions WHERE number = :number) END
);

-- name: transitions(number)
SELECT id, number, at, moved_by, moderator_id, from_state, to_state, reason, words, undoes, in_writing, merged_into,
    air_session, took_off, showing
FROM question_transitions
WHERE number = :number
ORDER BY id;

-- name: number_of_step(id)$
SELECT number FROM question_transitions WHERE id = :id;

-- name: on_air(session)$
SELECT number FROM questions WHERE air_session = :session AND state = 'on_air';

-- name: all_on_air()
SELECT number FROM questions WHERE state = 'on_air' ORDER BY air_session;

-- name: head(session, state, how_many, skipped)
SELECT number FROM questions
WHERE session_key = :session AND state = :state
ORDER BY number
LIMIT :how_many OFFSET :skipped;

-- name: addressees(session, how_many, states, languages)
-- From name to name along the index, however many questions there are for each; as the first one to ask wrote it.
WITH RECURSIVE names (folded) AS (
    SELECT min(addressed_folded) FROM questions WHERE session_key = :session AND addressed_folded IS NOT NULL
    UNION ALL
    SELECT (
        SELECT min(addressed_folded) FROM questions
        WHERE session_key = :session AND addressed_folded > names.folded
    )
    FROM names WHERE names.folded IS NOT NULL
)
SELECT q.addressed_to AS name
FROM names
JOIN questions q ON q.number = (
    SELECT min((
        SELECT min(number) FROM questions
        WHERE session_key = :session AND addressed_folded = names.folded AND state = s.value AND language = l.value
    ))
    FROM json_each(:states) s, json_each(:languages) l
)
WHERE names.folded IS NOT NULL
LIMIT :how_many;

-- name: head_in(session, state, language)
SELECT number FROM questions
WHERE session_key = :session AND language = :language AND state = :state
ORDER BY number;

-- name: head_for(session, state, addressed_folded, language)
SELECT number FROM questions
WHERE session_key = :session AND addressed_folded = :addressed_folded AND state = :state AND language = :language
ORDER BY number;

-- name: numbered(session, state, low, high, how_many)
SELECT number FROM questions
WHERE session_key = :session AND state = :state AND number BETWEEN :low AND :high
ORDER BY number
LIMIT :how_many;

-- name: recently_moved(session, how_many)
SELECT number FROM questions
WHERE session_key = :session AND moved_by IS NOT NULL
-- Of two that one press moved, the one that was put on air was moved last.
ORDER BY moved_at DESC, state = 'on_air' DESC, number DESC
LIMIT :how_many;

-- name: before(session, state)
SELECT number FROM questions WHERE session_key < :session AND state = :state ORDER BY number;

-- name: in_state(state)
SELECT number FROM questions WHERE state = :state ORDER BY number;

-- name: without_the_answer_in_writing()
SELECT number FROM questions q
WHERE state = 'answered' AND in_writing = 1
    AND NOT EXISTS (SELECT 1 FROM question_answers a WHERE a.number = q.number AND a.withdrawn_at IS NULL)
ORDER BY number;

-- name: everything()
SELECT number FROM questions ORDER BY number;

-- name: of_author(keys)
SELECT number FROM questions WHERE author_key IN (SELECT value FROM json_each(:keys)) ORDER BY number;

-- name: joined_to(number)
SELECT number FROM questions WHERE merged_into = :number ORDER BY number;

-- name: state_of_each()
SELECT number, state FROM questions ORDER BY number;

-- name: states(session)
SELECT state, how_many, repeats FROM question_counts WHERE session_key = :session AND (how_many > 0 OR repeats > 0);

-- name: show_again(number)!
UPDATE questions SET showings = showings + 1, posted_message_id = NULL WHERE number = :number;

-- name: note_posted(number, showings, message)!
UPDATE questions SET posted_message_id = :message WHERE number = :number AND showings = :showings AND NOT EXISTS (
    SELECT 1 FROM question_takedowns d
    WHERE d.number = :number AND d.what = 'question' AND d.generation = :showings
);

-- name: forget_posted(number)!
UPDATE questions SET posted_message_id = NULL WHERE number = :number;

-- name: posted(number)$
SELECT posted_message_id FROM questions WHERE number = :number;

-- name: affiliations_of(author)
SELECT session_key, turn FROM questions WHERE author_key = CAST(:author AS TEXT)
UNION
SELECT air_session, turn FROM questions WHERE author_key = CAST(:author AS TEXT) AND air_session IS NOT NULL;

-- name: set_affiliation(author, affiliation)!
UPDATE questions SET affiliation = :affiliation WHERE author_key = CAST(:author AS TEXT);

-- name: broken_on_air()
-- More than one question on air in a session.
SELECT air_session FROM questions WHERE state = 'on_air' GROUP BY air_session HAVING count(*) > 1;

-- name: broken_history()
-- A question whose history does not end where it stands.
SELECT q.number FROM questions q
LEFT JOIN question_transitions t ON t.id = (SELECT max(id) FROM question_transitions WHERE number = q.number)
WHERE t.to_state IS NOT q.state OR t.reason IS NOT q.reason OR t.in_writing IS NOT q.in_writing
    OR t.merged_into IS NOT q.merged_into;

-- name: broken_chain()
-- A transition that does not begin where the one before it ended.
SELECT t.number FROM (
    SELECT number, from_state, lag(to_state) OVER (PARTITION BY number ORDER BY id) AS before
    FROM question_transitions
) t
WHERE t.from_state IS NOT t.before;

-- name: broken_counts()
-- Counts that are not what there is.
SELECT session_key, state, how_many, repeats FROM question_counts WHERE how_many > 0 OR repeats > 0
EXCEPT
SELECT session_key, state, count(*), sum(repeats) FROM questions GROUP BY session_key, state
UNION ALL
SELECT * FROM (
    SELECT session_key, state, count(*), sum(repeats) FROM questions GROUP BY session_key, state
    EXCEPT
    SELECT session_key, state, how_many, repeats FROM question_counts
);
