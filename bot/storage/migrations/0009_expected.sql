-- Who should come, by the organizers' list, and who of those who registered is which of them. What organizers have to
-- hear of at once is an alert of its own kind, for which the table of the alerts is made anew: SQLite cannot widen a
-- CHECK.

CREATE TABLE expected (
    id INTEGER PRIMARY KEY,
    -- By which a person is known again in another version of the list: the delegation or organization, and the words
    -- of the name, folded and in order of the alphabet.
    key TEXT NOT NULL UNIQUE CHECK (key <> ''),
    -- Those words alone.
    words TEXT NOT NULL CHECK (words <> ''),
    name TEXT NOT NULL CHECK (name <> ''),
    -- Empty where the list leaves it open, which it may for a delegation.
    institution TEXT NOT NULL,
    affiliation TEXT NOT NULL CHECK (affiliation IN ('country', 'organization', 'panelist', 'staff')),
    -- ISO 3166-1 alpha-2.
    country TEXT,
    profile TEXT,
    -- A Discord user name, in small letters.
    account TEXT UNIQUE CHECK (account <> ''),
    listed_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL CHECK (changed_at >= listed_at),
    -- The account that was recognised as this person: one account a person, one person an account.
    person_id INTEGER UNIQUE REFERENCES participants (person_id),
    recognised TEXT CHECK (recognised IN ('account', 'name', 'person', 'organizer')),
    recognised_at INTEGER,
    CHECK ((affiliation = 'country') = (country IS NOT NULL)),
    CHECK (affiliation = 'country' OR profile IS NULL),
    CHECK ((person_id IS NULL) = (recognised IS NULL) AND (person_id IS NULL) = (recognised_at IS NULL))
) STRICT;

CREATE INDEX expected_by_words ON expected (words);

CREATE INDEX expected_by_place ON expected (affiliation, country);

-- Whom on the list somebody may be who registered. The rows of an earlier registration stay, closed: whoever tries
-- one name after another is asked no more after a few.
CREATE TABLE doubts (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES participants (person_id),
    expected_id INTEGER NOT NULL REFERENCES expected (id) ON DELETE CASCADE,
    why TEXT NOT NULL CHECK (why IN ('alike', 'elsewhere', 'taken', 'other_account')),
    noted_at INTEGER NOT NULL,
    -- Whether the person was asked about it, ever.
    was_asked INTEGER NOT NULL CHECK (was_asked IN (0, 1)),
    is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)),
    UNIQUE (person_id, expected_id)
) STRICT;

CREATE INDEX doubts_by_expected ON doubts (expected_id);

-- Who took the consent of somebody whom an organizer registered; NULL where people registered themselves.
ALTER TABLE participants ADD COLUMN consent_given_to INTEGER;

-- The roles that registration gave. No reference to participants: what was given to somebody who is erased has to be
-- taken away yet, and the row goes with it.
CREATE TABLE given_roles (
    person_id INTEGER NOT NULL,
    role_id INTEGER NOT NULL,
    given_at INTEGER NOT NULL,
    PRIMARY KEY (person_id, role_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE alerts_anew (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (
        kind IN ('broken', 'refused', 'unconfirmed', 'late', 'skipped', 'contested', 'role', 'without_files')
    ),
    -- Zero where it concerns no one channel.
    channel_id INTEGER NOT NULL,
    -- Why a channel is broken, which notice it is about, which role cannot be given, or which doubt came up.
    subject TEXT NOT NULL,
    -- The permissions that are missing, the minutes of delay or the notices concerned; separated by spaces.
    detail TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    -- When it was put right; what is over before it could be told is not told.
    closed_at INTEGER,
    told_at INTEGER
) STRICT;

INSERT INTO alerts_anew (id, kind, channel_id, subject, detail, opened_at, closed_at, told_at)
SELECT id, kind, channel_id, subject, detail, opened_at, closed_at, told_at FROM alerts;

DROP TABLE alerts;

ALTER TABLE alerts_anew RENAME TO alerts;

CREATE UNIQUE INDEX alerts_open ON alerts (kind, channel_id, subject) WHERE closed_at IS NULL;
