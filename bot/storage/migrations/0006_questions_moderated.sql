-- Questions as a moderated queue: steps that are taken back, turns that are counted as they are given, votes,
-- answers, texts that were changed, silences, and who wants to be told.
--
-- What orders the queue stands in columns and in question_turns, since to count it anew for each look at a board
-- takes as long as the queue is. The program keeps them; queries named broken_ compare them with what they count.
--
-- A question filed for somebody who is not on the server has neither an author's id nor a seal but a name.

CREATE TABLE questions_moderated (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    session_key TEXT NOT NULL,
    author_id INTEGER,
    author_seal TEXT,
    sealed_under TEXT,
    filed_for TEXT,
    filed_by INTEGER,
    affiliation TEXT,
    text TEXT NOT NULL,
    folded TEXT NOT NULL,
    held_words TEXT NOT NULL DEFAULT '[]',
    language TEXT NOT NULL CHECK (language IN ('es', 'en')),
    addressed_to TEXT,
    addressed_folded TEXT,
    state TEXT NOT NULL CHECK (state IN (
        'pending', 'approved', 'on_air', 'answered', 'deferred', 'rejected', 'withdrawn', 'merged'
    )),
    asked_at INTEGER NOT NULL,
    moved_at INTEGER NOT NULL,
    moved_by INTEGER,
    reason TEXT,
    words TEXT,
    in_writing INTEGER NOT NULL DEFAULT 0 CHECK (in_writing IN (0, 1)),
    merged_into INTEGER REFERENCES questions (number),
    air_session TEXT,
    repeats INTEGER NOT NULL DEFAULT 0 CHECK (repeats >= 0),
    showings INTEGER NOT NULL DEFAULT 0 CHECK (showings >= 0),
    posted_message_id INTEGER,
    votes INTEGER NOT NULL DEFAULT 0 CHECK (votes >= 0),
    -- How many turns its author has had in the session in which it was asked.
    author_turns INTEGER NOT NULL DEFAULT 0 CHECK (author_turns >= 0),
    author_key TEXT GENERATED ALWAYS AS (
        coalesce(author_seal, CAST(author_id AS TEXT), 'filed:' || filed_for)
    ) STORED,
    turn TEXT GENERATED ALWAYS AS (
        CASE WHEN author_seal IS NOT NULL THEN 'anonymous' ELSE coalesce(affiliation, 'unregistered') END
    ) STORED,
    CHECK ((author_id IS NOT NULL) + (author_seal IS NOT NULL) + (filed_for IS NOT NULL) = 1),
    CHECK ((author_seal IS NULL) = (sealed_under IS NULL)),
    CHECK (author_seal IS NULL OR affiliation IS NULL),
    CHECK (filed_for IS NULL OR filed_by IS NOT NULL),
    CHECK (author_seal IS NULL OR filed_by IS NULL),
    CHECK ((state = 'rejected') = (reason IS NOT NULL)),
    CHECK ((state = 'merged') = (merged_into IS NOT NULL)),
    CHECK (merged_into IS NULL OR merged_into <> number),
    CHECK (in_writing = 0 OR state = 'answered'),
    CHECK (state <> 'on_air' OR air_session IS NOT NULL)
) STRICT;

INSERT INTO questions_moderated (
    number, session_key, author_id, author_seal, sealed_under, affiliation, text, folded, language, addressed_to,
    addressed_folded, state, asked_at, moved_at, moved_by, reason, words, merged_into, air_session, repeats,
    showings, posted_message_id, votes
)
SELECT number, session_key, author_id, author_seal,
    CASE WHEN author_seal IS NOT NULL THEN coalesce((SELECT fingerprint FROM anonymity_key), 'unknown') END,
    affiliation, text, folded, language, addressed_to, lower(addressed_to), state, asked_at, moved_at, moved_by,
    reason, words, merged_into, CASE WHEN state IN ('on_air', 'answered', 'deferred') THEN session_key END, repeats,
    showings, posted_message_id, (SELECT count(*) FROM question_votes v WHERE v.number = q.number)
FROM questions q
ORDER BY number;

-- A number that was given once is never given again, be its question gone or not.
DELETE FROM sqlite_sequence WHERE name = 'questions_moderated';

INSERT INTO sqlite_sequence (name, seq)
SELECT 'questions_moderated', seq FROM sqlite_sequence WHERE name = 'questions';

DROP TABLE questions;

ALTER TABLE questions_moderated RENAME TO questions;

UPDATE questions
SET author_turns = (
    SELECT count(*) FROM questions o WHERE o.air_session = questions.session_key AND o.author_key = questions.author_key
);

CREATE UNIQUE INDEX questions_one_on_air ON questions (air_session) WHERE state = 'on_air';

CREATE INDEX questions_by_state ON questions (session_key, state, number);

CREATE UNIQUE INDEX questions_once_by_author ON questions (author_id, session_key, folded)
    WHERE author_id IS NOT NULL AND state <> 'withdrawn';

CREATE UNIQUE INDEX questions_once_by_seal ON questions (author_seal, session_key, folded)
    WHERE author_seal IS NOT NULL AND state <> 'withdrawn';

CREATE INDEX questions_by_author_key ON questions (author_key, session_key);

CREATE INDEX questions_by_turn ON questions (session_key, turn, author_turns, votes DESC, number)
    WHERE state = 'approved';

CREATE INDEX questions_by_votes ON questions (session_key, votes DESC, number) WHERE state = 'approved';

CREATE INDEX questions_by_addressee ON questions (session_key, addressed_folded, state, number)
    WHERE addressed_folded IS NOT NULL;

CREATE INDEX questions_by_air ON questions (air_session, turn, author_key) WHERE air_session IS NOT NULL;

CREATE INDEX questions_by_group ON questions (merged_into) WHERE merged_into IS NOT NULL;

CREATE INDEX questions_by_move ON questions (session_key, moved_at, number) WHERE moved_by IS NOT NULL;

-- How many stand where, kept by the database itself: a board must not count a hundred thousand rows.
CREATE TABLE question_counts (
    session_key TEXT NOT NULL,
    state TEXT NOT NULL,
    how_many INTEGER NOT NULL,
    repeats INTEGER NOT NULL,
    PRIMARY KEY (session_key, state)
) STRICT, WITHOUT ROWID;

INSERT INTO question_counts (session_key, state, how_many, repeats)
SELECT session_key, state, count(*), sum(repeats) FROM questions GROUP BY session_key, state;

CREATE TRIGGER questions_counted AFTER INSERT ON questions
BEGIN
    INSERT INTO question_counts (session_key, state, how_many, repeats)
    VALUES (NEW.session_key, NEW.state, 1, NEW.repeats)
    ON CONFLICT (session_key, state) DO UPDATE
    SET how_many = how_many + 1, repeats = repeats + excluded.repeats;
END;

CREATE TRIGGER questions_recounted AFTER UPDATE OF state, repeats ON questions
WHEN OLD.state <> NEW.state OR OLD.repeats <> NEW.repeats
BEGIN
    UPDATE question_counts SET how_many = how_many - 1, repeats = repeats - OLD.repeats
    WHERE session_key = OLD.session_key AND state = OLD.state;
    INSERT INTO question_counts (session_key, state, how_many, repeats)
    VALUES (NEW.session_key, NEW.state, 1, NEW.repeats)
    ON CONFLICT (session_key, state) DO UPDATE
    SET how_many = how_many + 1, repeats = repeats + excluded.repeats;
END;

CREATE TRIGGER questions_uncounted AFTER DELETE ON questions
BEGIN
    UPDATE question_counts SET how_many = how_many - 1, repeats = repeats - OLD.repeats
    WHERE session_key = OLD.session_key AND state = OLD.state;
END;

-- For each affiliation that has a turn to wait for or has had one: how many it has had, and its first question.
CREATE TABLE question_turns (
    session_key TEXT NOT NULL,
    turn TEXT NOT NULL,
    taken INTEGER NOT NULL CHECK (taken >= 0),
    head INTEGER,
    head_author_turns INTEGER,
    head_votes INTEGER,
    PRIMARY KEY (session_key, turn),
    CHECK ((head IS NULL) = (head_author_turns IS NULL) AND (head IS NULL) = (head_votes IS NULL))
) STRICT, WITHOUT ROWID;

INSERT INTO question_turns (session_key, turn, taken, head, head_author_turns, head_votes)
SELECT t.session_key, t.turn,
    (SELECT count(*) FROM questions a WHERE a.air_session = t.session_key AND a.turn = t.turn),
    h.number, h.author_turns, h.votes
FROM (SELECT DISTINCT session_key, turn FROM questions) t
LEFT JOIN questions h ON h.number = (
    SELECT number FROM questions w
    WHERE w.session_key = t.session_key AND w.turn = t.turn AND w.state = 'approved'
    ORDER BY w.author_turns, w.votes DESC, w.number
    LIMIT 1
);

CREATE INDEX question_turns_in_order ON question_turns (
    session_key, taken, head_author_turns, head_votes DESC, head
) WHERE head IS NOT NULL;

ALTER TABLE question_transitions ADD COLUMN undoes INTEGER REFERENCES question_transitions (id);

ALTER TABLE question_transitions ADD COLUMN in_writing INTEGER NOT NULL DEFAULT 0;

ALTER TABLE question_transitions ADD COLUMN merged_into INTEGER REFERENCES questions (number);

ALTER TABLE question_transitions ADD COLUMN air_session TEXT;

UPDATE question_transitions
SET air_session = (SELECT session_key FROM questions q WHERE q.number = question_transitions.number)
WHERE to_state = 'on_air';

-- What texts have in common is looked for by their words, and so is what somebody types to find one.
CREATE TABLE question_words (
    session_key TEXT NOT NULL,
    word TEXT NOT NULL,
    number INTEGER NOT NULL REFERENCES questions (number) ON DELETE CASCADE,
    PRIMARY KEY (session_key, word, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX question_words_by_number ON question_words (number);

INSERT OR IGNORE INTO question_words (session_key, word, number)
SELECT q.session_key, w.value, q.number
FROM questions q
JOIN json_each('[' || replace(json_quote(q.folded), ' ', '","') || ']') w
WHERE length(w.value) > 2;

CREATE TABLE question_texts (
    id INTEGER PRIMARY KEY,
    number INTEGER NOT NULL REFERENCES questions (number) ON DELETE CASCADE,
    text TEXT NOT NULL,
    replaced_at INTEGER NOT NULL,
    replaced_by TEXT NOT NULL CHECK (replaced_by IN ('author', 'moderator')),
    moderator_id INTEGER,
    CHECK ((replaced_by = 'moderator') = (moderator_id IS NOT NULL))
) STRICT;

CREATE INDEX question_texts_by_number ON question_texts (number, id);

CREATE TABLE question_answers (
    number INTEGER NOT NULL REFERENCES questions (number) ON DELETE CASCADE,
    generation INTEGER NOT NULL CHECK (generation > 0),
    text TEXT NOT NULL,
    moderator_id INTEGER NOT NULL,
    answered_at INTEGER NOT NULL,
    message_id INTEGER,
    PRIMARY KEY (number, generation)
) STRICT;

CREATE INDEX question_answers_unposted ON question_answers (number, generation) WHERE message_id IS NULL;

CREATE TABLE question_policies (
    id INTEGER PRIMARY KEY,
    session_key TEXT NOT NULL,
    policy TEXT NOT NULL CHECK (policy IN ('rotation', 'votes', 'arrival')),
    moderator_id INTEGER NOT NULL,
    set_at INTEGER NOT NULL
) STRICT;

CREATE INDEX question_policies_by_session ON question_policies (session_key, id);

-- Of whom nothing is taken: by id, or by the seal of one of their anonymous questions.
CREATE TABLE question_silences (
    id INTEGER PRIMARY KEY,
    session_key TEXT NOT NULL,
    person_id INTEGER,
    seal TEXT,
    until INTEGER NOT NULL,
    moderator_id INTEGER NOT NULL,
    silenced_at INTEGER NOT NULL,
    lifted_at INTEGER,
    lifted_by INTEGER,
    CHECK ((person_id IS NULL) <> (seal IS NULL)),
    CHECK ((lifted_at IS NULL) = (lifted_by IS NULL))
) STRICT;

CREATE INDEX question_silences_by_session ON question_silences (session_key);

-- Who asked to be told by direct message what becomes of their questions by name, and what is still to be told.
CREATE TABLE question_messages_wanted (
    person_id INTEGER PRIMARY KEY,
    since INTEGER NOT NULL
) STRICT;

CREATE TABLE question_tidings (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL,
    number INTEGER NOT NULL REFERENCES questions (number) ON DELETE CASCADE,
    state TEXT NOT NULL,
    moved_at INTEGER NOT NULL,
    UNIQUE (person_id, number)
) STRICT;
