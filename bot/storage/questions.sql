-- name: question(number)^
SELECT number, session_key, author_id, author_seal, text, language, addressed_to, state, asked_at, moved_at,
    moved_by, reason, words, showings,
    (SELECT count(*) FROM question_votes v WHERE v.number = q.number) AS votes
FROM questions q
WHERE number = :number;

-- name: same_text(session, author, seal, folded)^
SELECT number FROM questions
WHERE session_key = :session AND folded = :folded AND state <> 'withdrawn'
    AND (author_id = :author OR author_seal = :seal)
ORDER BY number
LIMIT 1;

-- name: add(session, author, seal, affiliation, text, folded, language, addressed_to, at)$
INSERT INTO questions (
    session_key, author_id, author_seal, affiliation, text, folded, language, addressed_to, state, asked_at, moved_at
)
VALUES (
    :session, :author, :seal, :affiliation, :text, :folded, :language, :addressed_to, 'pending', :at, :at
)
RETURNING number;

-- name: add_repeat(number)!
UPDATE questions SET repeats = repeats + 1 WHERE number = :number;

-- name: count_of_author(session, author, seal)$
SELECT count(*) FROM questions
WHERE session_key = :session AND state <> 'withdrawn' AND (author_id = :author OR author_seal = :seal);

-- name: count_of_session(session)$
SELECT count(*) FROM questions WHERE session_key = :session AND state <> 'withdrawn';

-- name: place(session, number)$
SELECT count(*) FROM questions
WHERE session_key = :session AND state IN ('pending', 'approved') AND number <= :number;

-- name: move(number, to_state, at, moderator, reason, words, shown)!
UPDATE questions
SET state = :to_state, moved_at = :at, moved_by = :moderator, reason = :reason, words = :words,
    showings = showings + :shown
WHERE number = :number;

-- name: log_transition(number, at, moved_by, moderator, from_state, to_state, reason, words)!
INSERT INTO question_transitions (number, at, moved_by, moderator_id, from_state, to_state, reason, words)
VALUES (:number, :at, :moved_by, :moderator, :from_state, :to_state, :reason, :words);

-- name: transitions(number)
SELECT at, moved_by, moderator_id, from_state, to_state, reason, words
FROM question_transitions
WHERE number = :number
ORDER BY id;

-- name: on_air(session)$
SELECT number FROM questions WHERE session_key = :session AND state = 'on_air';

-- name: all_on_air()
SELECT number FROM questions WHERE state = 'on_air' ORDER BY number;

-- name: head(session, state, how_many)
SELECT number FROM questions
WHERE session_key = :session AND state = :state
ORDER BY number
LIMIT :how_many;

-- name: candidates(session)
SELECT number, coalesce(author_seal, CAST(author_id AS TEXT)) AS author,
    CASE WHEN author_seal IS NOT NULL THEN 'anonymous' ELSE coalesce(affiliation, 'unregistered') END AS turn,
    (SELECT count(*) FROM question_votes v WHERE v.number = q.number) AS votes
FROM questions q
WHERE session_key = :session AND state = 'approved'
ORDER BY number;

-- name: turns(session)
SELECT coalesce(author_seal, CAST(author_id AS TEXT)) AS author,
    CASE WHEN author_seal IS NOT NULL THEN 'anonymous' ELSE coalesce(affiliation, 'unregistered') END AS turn,
    count(*) AS taken
FROM questions
WHERE session_key = :session AND state IN ('on_air', 'answered', 'deferred')
GROUP BY 1, 2;

-- name: of_author(author, seals)
SELECT number FROM questions
WHERE author_id = :author OR author_seal IN (SELECT value FROM json_each(:seals))
ORDER BY number;

-- name: state_of_each()
SELECT number, state FROM questions ORDER BY number;

-- name: states(session)
SELECT state, count(*) AS how_many, sum(repeats) AS repeats
FROM questions
WHERE session_key = :session
GROUP BY state;

-- name: states_at(session, at)
SELECT t.to_state AS state, count(*) AS how_many
FROM questions q
JOIN question_transitions t ON t.id = (
    SELECT max(id) FROM question_transitions WHERE number = q.number AND at <= :at
)
WHERE q.session_key = :session
GROUP BY t.to_state;

-- name: show_again(number)!
UPDATE questions SET showings = showings + 1, posted_message_id = NULL WHERE number = :number;

-- name: note_posted(number, showings, message)!
UPDATE questions SET posted_message_id = :message WHERE number = :number AND showings = :showings;

-- name: posted(number)$
SELECT posted_message_id FROM questions WHERE number = :number;

-- name: set_affiliation(author, affiliation)!
UPDATE questions SET affiliation = :affiliation WHERE author_id = :author;

-- name: key_fingerprint()$
SELECT fingerprint FROM anonymity_key WHERE id = 1;

-- name: has_anonymous()$
SELECT EXISTS (SELECT 1 FROM questions WHERE author_seal IS NOT NULL);

-- name: keep_key_fingerprint(fingerprint)!
INSERT INTO anonymity_key (id, fingerprint) VALUES (1, :fingerprint)
ON CONFLICT (id) DO UPDATE SET fingerprint = excluded.fingerprint;

-- name: live_message(name)^
SELECT channel_id, message_id, posted_at FROM live_messages WHERE name = :name;

-- name: keep_live_message(name, channel, message, posted_at)!
INSERT INTO live_messages (name, channel_id, message_id, posted_at)
VALUES (:name, :channel, :message, :posted_at)
ON CONFLICT (name) DO UPDATE
SET channel_id = excluded.channel_id, message_id = excluded.message_id, posted_at = excluded.posted_at;

-- name: broken_on_air()
-- More than one question on air in a session.
SELECT session_key FROM questions WHERE state = 'on_air' GROUP BY session_key HAVING count(*) > 1;

-- name: broken_history()
-- A question whose history does not end where it stands.
SELECT q.number FROM questions q
WHERE q.state IS NOT (
    SELECT t.to_state FROM question_transitions t WHERE t.number = q.number ORDER BY t.id DESC LIMIT 1
);

-- name: broken_chain()
-- A transition that does not begin where the one before it ended.
SELECT t.number FROM (
    SELECT number, from_state, lag(to_state) OVER (PARTITION BY number ORDER BY id) AS before
    FROM question_transitions
) t
WHERE t.from_state IS NOT t.before;
