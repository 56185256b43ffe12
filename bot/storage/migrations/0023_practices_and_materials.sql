-- Good practices that delegations record on a day's theme, and what there is to read on each day beside what the
-- configuration lists. Both are people's words or papers: they go when everything about people does.

CREATE TABLE practices (
    -- Never given twice, not even where the row was erased: moderators were told of the number.
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    session_key TEXT NOT NULL,
    person_id INTEGER NOT NULL,
    -- The delegation when it was recorded, whatever the person registers as later.
    country TEXT NOT NULL,
    institution TEXT NOT NULL,
    language TEXT NOT NULL,
    title TEXT NOT NULL CHECK (title <> ''),
    text TEXT NOT NULL CHECK (text <> ''),
    -- What came of it; empty where nothing was said.
    results TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'rejected', 'withdrawn')),
    -- Of the last step, whoever made it.
    moved_at INTEGER NOT NULL,
    decided_by INTEGER,
    -- Why a moderator rejected it.
    reason TEXT CHECK (reason <> ''),
    CHECK ((state = 'rejected') = (reason IS NOT NULL))
) STRICT;

-- That the same person says the same once is held by the operation: erasing somebody's name can make two texts alike.
CREATE INDEX practices_by_session ON practices (session_key, number);
CREATE INDEX practices_by_person ON practices (person_id);

CREATE TABLE materials (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    session_key TEXT NOT NULL,
    title TEXT NOT NULL CHECK (title <> ''),
    -- Where it is on the web; NULL for a document that is kept here.
    link TEXT CHECK (link <> ''),
    file_name TEXT CHECK (file_name <> ''),
    content BLOB,
    added_at INTEGER NOT NULL,
    added_by INTEGER,
    CHECK ((link IS NULL) = (file_name IS NOT NULL)),
    CHECK ((file_name IS NULL) = (content IS NULL))
) STRICT;

CREATE INDEX materials_by_session ON materials (session_key, number);
