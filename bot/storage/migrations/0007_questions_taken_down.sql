-- What was taken back is taken back from everybody's eyes: which posts are to go, and what a step brought with it.

-- The public posts that are to be removed. A row is there as soon as the step is taken back, whatever dies then.
CREATE TABLE question_takedowns (
    id INTEGER PRIMARY KEY,
    number INTEGER NOT NULL REFERENCES questions (number) ON DELETE CASCADE,
    what TEXT NOT NULL CHECK (what IN ('question', 'answer')),
    -- Which showing of the question, or which generation of its answer.
    generation INTEGER NOT NULL CHECK (generation > 0),
    ordered_at INTEGER NOT NULL,
    done_at INTEGER,
    UNIQUE (number, what, generation)
) STRICT;

CREATE INDEX question_takedowns_open ON question_takedowns (id) WHERE done_at IS NULL;

-- With a step to on_air: the step that took another question off the air for it, and its first showing.
ALTER TABLE question_transitions ADD COLUMN took_off INTEGER REFERENCES question_transitions (id);

ALTER TABLE question_transitions ADD COLUMN showing INTEGER;

UPDATE question_transitions
SET took_off = (
        SELECT c.id FROM question_transitions c
        WHERE c.id = question_transitions.id - 1 AND c.from_state = 'on_air' AND c.undoes IS NULL
            AND c.moderator_id = question_transitions.moderator_id AND c.at = question_transitions.at
    ),
    showing = (
        SELECT count(*) FROM question_transitions e
        WHERE e.number = question_transitions.number AND e.to_state = 'on_air' AND e.undoes IS NULL
            AND e.id <= question_transitions.id
    )
WHERE to_state = 'on_air' AND undoes IS NULL;

-- The step that came with the change of a text; none with an author's.
ALTER TABLE question_texts ADD COLUMN step INTEGER REFERENCES question_transitions (id);

UPDATE question_texts
SET step = (
    SELECT t.id FROM question_transitions t
    WHERE t.number = question_texts.number AND t.to_state = 'approved' AND t.undoes IS NULL
        AND t.at = question_texts.replaced_at AND t.moderator_id = question_texts.moderator_id
)
WHERE replaced_by = 'moderator';

-- The question's last step when the answer was there, which may have come with it; and who took the answer back.
ALTER TABLE question_answers ADD COLUMN step INTEGER REFERENCES question_transitions (id);

ALTER TABLE question_answers ADD COLUMN withdrawn_at INTEGER;

ALTER TABLE question_answers ADD COLUMN withdrawn_by INTEGER CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL));

UPDATE question_answers
SET step = (
    SELECT max(t.id) FROM question_transitions t
    WHERE t.number = question_answers.number AND t.at <= question_answers.answered_at
);
