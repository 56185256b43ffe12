-- What organizers know better than what was measured and declared, what each posted summary said, and the profiles of
-- those who share a connection.
--
-- Corrections are rows that are added and never changed: what was measured stays as it was, and whoever asks can see
-- who said otherwise, when and why. A day that is over is rebuilt from all of it to the same figures at any time.

CREATE TABLE corrections (
    number INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL,
    session_key TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('present', 'absent', 'excused', 'taken_back')),
    -- How many companions there were in truth; NULL: as declared.
    companions INTEGER CHECK (companions >= 0),
    -- Each is taken back once at most, whoever is first.
    takes_back INTEGER UNIQUE REFERENCES corrections (number),
    -- NULL once it has been erased, as is who made it.
    reason TEXT CHECK (reason <> ''),
    made_by INTEGER,
    made_at INTEGER NOT NULL,
    CHECK ((kind = 'taken_back') = (takes_back IS NOT NULL)),
    CHECK (companions IS NULL OR kind IN ('present', 'absent'))
) STRICT;

CREATE INDEX corrections_by_session ON corrections (session_key, number);

-- How many of somebody's companions are of a profile, as they declared it; the others have none.
CREATE TABLE companion_profiles (
    person_id INTEGER NOT NULL,
    session_key TEXT NOT NULL,
    profile TEXT NOT NULL CHECK (profile <> ''),
    companions INTEGER NOT NULL CHECK (companions >= 1),
    PRIMARY KEY (person_id, session_key, profile),
    FOREIGN KEY (person_id, session_key) REFERENCES check_ins (person_id, session_key) ON UPDATE CASCADE ON DELETE CASCADE
) STRICT;

-- What a summary said when it was posted; generation 1 is the first, later ones correct it. No person is in it. The
-- message itself is that of the notice: what is posted exactly once is known there.
CREATE TABLE published_summaries (
    session_key TEXT NOT NULL,
    channel_id INTEGER NOT NULL,
    generation INTEGER NOT NULL CHECK (generation >= 1),
    made_at INTEGER NOT NULL,
    -- An object of whole numbers.
    figures TEXT NOT NULL CHECK (figures <> ''),
    -- The text of the first one, part by part: should it have to be sent again, it is the same.
    texts TEXT NOT NULL CHECK (texts <> ''),
    PRIMARY KEY (session_key, channel_id, generation)
) STRICT;
