-- What a leaked database tells of anonymous questions becomes less, and lists by addressee and by language cost the
-- same however many wait.

-- Inside the turn of the anonymous questions nobody's own turns count: their order would tell which have one author.
UPDATE questions SET author_turns = 0 WHERE author_seal IS NOT NULL AND author_turns <> 0;

INSERT OR REPLACE INTO question_turns (session_key, turn, taken, head, head_author_turns, head_votes)
SELECT t.session_key, t.turn, t.taken, h.number, h.author_turns, h.votes
FROM question_turns t
LEFT JOIN questions h ON h.number = (
    SELECT number FROM questions w
    WHERE w.session_key = t.session_key AND w.turn = t.turn AND w.state = 'approved'
    ORDER BY w.author_turns, w.votes DESC, w.number
    LIMIT 1
)
WHERE t.turn = 'anonymous';

-- When authors of anonymous questions did something, to the hour. No step stands before the one before it; one that
-- came after its day's end, in the same hour, stays behind that end.
UPDATE question_transitions
SET at = max(
    CASE WHEN EXISTS (
        SELECT 1 FROM registers r JOIN questions q ON q.session_key = r.session_key
        WHERE q.number = question_transitions.number AND r.ends_at < at AND r.ends_at >= at - at % 3600000
    )
    THEN (at + 59999) / 60000 * 60000
    ELSE at - at % 3600000 END,
    coalesce((
        SELECT p.at FROM question_transitions p
        WHERE p.number = question_transitions.number AND p.id < question_transitions.id
        ORDER BY p.id DESC LIMIT 1
    ), 0)
)
WHERE moved_by = 'author' AND number IN (SELECT number FROM questions WHERE author_seal IS NOT NULL);

UPDATE questions
SET asked_at = asked_at - asked_at % 3600000,
    moved_at = (SELECT t.at FROM question_transitions t WHERE t.number = questions.number ORDER BY t.id DESC LIMIT 1)
WHERE author_seal IS NOT NULL;

-- What their authors changed before anybody had approved it is nobody's to read any more: that there was a text
-- remains, since it tells one text from another.
UPDATE question_texts
SET text = CASE WHEN EXISTS (
        SELECT 1 FROM question_transitions t
        WHERE t.number = question_texts.number AND t.to_state = 'approved' AND t.at <= question_texts.replaced_at
    ) THEN text ELSE '' END,
    replaced_at = replaced_at - replaced_at % 3600000
WHERE replaced_by = 'author' AND number IN (SELECT number FROM questions WHERE author_seal IS NOT NULL);

-- When people did by name what may stand right beside an anonymous question: no finer than anything needs it.
UPDATE participants
SET consented_at = consented_at - consented_at % 3600000, registered_at = registered_at - registered_at % 3600000,
    changed_at = changed_at - changed_at % 3600000;

UPDATE standings
SET since = CASE WHEN EXISTS (SELECT 1 FROM registers WHERE ends_at < since AND ends_at >= since - since % 3600000)
    THEN (since + 59999) / 60000 * 60000
    ELSE since - since % 3600000 END;

UPDATE check_ins
SET declared_at = declared_at - declared_at % 60000, changed_at = changed_at - changed_at % 60000;

-- The lists of one addressee, of one language and of both, in order of arrival, of votes, and inside each turn.
DROP INDEX questions_by_addressee;

CREATE INDEX questions_by_addressee ON questions (session_key, addressed_folded, state, language, number)
    WHERE addressed_folded IS NOT NULL;

CREATE INDEX questions_by_language ON questions (session_key, language, state, number);

CREATE INDEX questions_by_addressee_and_votes ON questions (
    session_key, addressed_folded, language, votes DESC, number
) WHERE state = 'approved' AND addressed_folded IS NOT NULL;

CREATE INDEX questions_by_language_and_votes ON questions (session_key, language, votes DESC, number)
    WHERE state = 'approved';

CREATE INDEX questions_by_addressee_and_turn ON questions (
    session_key, addressed_folded, turn, language, author_turns, votes DESC, number
) WHERE state = 'approved' AND addressed_folded IS NOT NULL;

CREATE INDEX questions_by_language_and_turn ON questions (
    session_key, turn, language, author_turns, votes DESC, number
) WHERE state = 'approved';
