-- What happens around a session beside its questions. First: moderators and panelists who said to be there.

CREATE TABLE arrivals (
    session_key TEXT NOT NULL,
    -- "moderation", or "panelist:" and the panelist's name without case and accents.
    place TEXT NOT NULL CHECK (place = 'moderation' OR place LIKE 'panelist:_%'),
    person_id INTEGER NOT NULL,
    arrived_at INTEGER NOT NULL,
    PRIMARY KEY (session_key, place, person_id)
) STRICT, WITHOUT ROWID;

-- Who had the floor, one after the other.
CREATE TABLE speeches (
    session_key TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number >= 1),
    -- NULL once the person was erased.
    person_id INTEGER,
    -- For whom it counts as a turn: a country's code, or what somebody is beside the delegations.
    turn TEXT NOT NULL,
    given_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL CHECK (ends_at > given_at),
    ended_at INTEGER CHECK (ended_at >= given_at),
    -- The moderator; NULL once they were erased.
    given_by INTEGER,
    PRIMARY KEY (session_key, number)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX speeches_one_runs ON speeches (session_key) WHERE ended_at IS NULL;
