-- Who registered, with their consent. Without a registration nothing of this is kept about a person.
--
-- Names are kept once, as they are now. For whom a person counted, and since when, is a history: a day that is over
-- keeps its figures although somebody registers, or corrects the delegation, on a later day.

CREATE TABLE participants (
    person_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL CHECK (name <> ''),
    institution TEXT NOT NULL CHECK (institution <> ''),
    language TEXT NOT NULL CHECK (language IN ('es', 'en')),
    consented_at INTEGER NOT NULL,
    registered_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL CHECK (changed_at >= registered_at)
) STRICT;

CREATE TABLE standings (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES participants (person_id),
    affiliation TEXT NOT NULL CHECK (affiliation IN ('country', 'organization', 'panelist', 'staff')),
    -- ISO 3166-1 alpha-2.
    country TEXT,
    profile TEXT,
    since INTEGER NOT NULL,
    CHECK ((affiliation = 'country') = (country IS NOT NULL)),
    CHECK (affiliation = 'country' OR profile IS NULL)
) STRICT;

CREATE INDEX standings_by_person ON standings (person_id, id);
