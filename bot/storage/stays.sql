-- name: register(session)^
SELECT session_key, opened_at, ends_at, seen_to, closed_at FROM registers WHERE session_key = :session;

-- name: open_registers()
SELECT session_key, opened_at, ends_at, seen_to, closed_at
FROM registers
WHERE closed_at IS NULL
ORDER BY opened_at;

-- name: open_register(session, opened_at, ends_at)!
INSERT INTO registers (session_key, opened_at, ends_at, seen_to)
VALUES (:session, :opened_at, :ends_at, :opened_at);

-- name: set_seen_to(session, seen_to)!
UPDATE registers SET seen_to = max(seen_to, :seen_to) WHERE session_key = :session AND closed_at IS NULL;

-- name: correct_seen_to(session, seen_to)!
UPDATE registers SET seen_to = max(opened_at, :seen_to)
WHERE session_key = :session AND closed_at IS NULL;

-- name: move_end(session, ends_at)!
UPDATE registers SET ends_at = max(:ends_at, seen_to)
WHERE session_key = :session AND closed_at IS NULL AND ends_at != :ends_at;

-- name: close_register(session, at)!
UPDATE registers SET closed_at = :at WHERE session_key = :session AND closed_at IS NULL;

-- name: open_stay(person)^
SELECT id, person_id, session_key, channel_id, voice_session_id, opened_at, closed_at, closed_by, connections
FROM stays
WHERE person_id = :person AND closed_at IS NULL;

-- name: last_stay(person, session)^
SELECT id, person_id, session_key, channel_id, voice_session_id, opened_at, closed_at, closed_by, connections
FROM stays
WHERE session_key = :session AND person_id = :person
ORDER BY opened_at DESC, id DESC
LIMIT 1;

-- name: open_stays(session)
SELECT id, person_id, session_key, channel_id, voice_session_id, opened_at, closed_at, closed_by, connections
FROM stays
WHERE session_key = :session AND closed_at IS NULL
ORDER BY id;

-- name: stays_of_session(session)
SELECT id, person_id, session_key, channel_id, voice_session_id, opened_at, closed_at, closed_by, connections
FROM stays
WHERE session_key = :session
ORDER BY person_id, opened_at, id;

-- name: any_overlap(session)$
SELECT EXISTS (SELECT 1 FROM stays WHERE session_key = :session AND overlaps = 1);

-- name: summed(session, seen_to)
-- Each person's connections and times, as the sum of stays that lie apart. Stays.times puts the columns in.
SELECT person_id, sum(connections) AS connections, 0 AS times
FROM (
    SELECT person_id, connections, opened_at, coalesce(closed_at, max(opened_at, :seen_to)) AS closed_at
    FROM stays
    WHERE session_key = :session
)
GROUP BY person_id;

-- name: united(session, seen_to)
-- The same where stays overlap: of each stay, only what comes after all that the person's earlier ones reached.
SELECT person_id, sum(connections) AS connections, 0 AS times
FROM (
    SELECT person_id, connections, closed_at,
        CASE
            WHEN reached >= closed_at THEN closed_at
            WHEN reached > opened_at THEN reached
            ELSE opened_at
        END AS opened_at
    FROM (
        SELECT person_id, connections, opened_at,
            coalesce(closed_at, max(opened_at, :seen_to)) AS closed_at,
            max(coalesce(closed_at, :seen_to)) OVER (
                PARTITION BY person_id ORDER BY opened_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ) AS reached
        FROM stays
        WHERE session_key = :session
    )
)
GROUP BY person_id;

-- name: begin(person, session, channel, voice_session, at)!
INSERT INTO stays (person_id, session_key, channel_id, voice_session_id, opened_at)
VALUES (:person, :session, :channel, :voice_session, :at);

-- name: begin_first(person, session, channel, voice_session, at)!
INSERT INTO stays (person_id, session_key, channel_id, voice_session_id, opened_at)
SELECT :person, :session, :channel, :voice_session, :at
WHERE NOT EXISTS (SELECT 1 FROM stays WHERE person_id = :person AND closed_at IS NULL)
    AND NOT EXISTS (SELECT 1 FROM stays WHERE session_key = :session AND person_id = :person);

-- name: end(id, at, closed_by)!
-- A clock that was set back must not make a stay end before it began.
UPDATE stays SET closed_at = max(opened_at, :at), closed_by = :closed_by WHERE id = :id AND closed_at IS NULL;

-- name: go_on(id, voice_session)!
UPDATE stays
SET voice_session_id = :voice_session, closed_at = NULL, closed_by = NULL, connections = connections + 1
WHERE id = :id;

-- name: strike(person)!
DELETE FROM stays WHERE person_id = :person;

-- name: add_unknown(session, from_at, to_at)!
INSERT INTO unknown_time (session_key, from_at, to_at)
SELECT :session, :from_at, :to_at WHERE :from_at < :to_at
ON CONFLICT DO NOTHING;

-- name: unknown(session)
SELECT from_at, to_at FROM unknown_time WHERE session_key = :session ORDER BY from_at, to_at;

-- name: broken_open_stays()
-- A stay that is open although its register has been closed.
SELECT stays.id FROM stays JOIN registers USING (session_key)
WHERE stays.closed_at IS NULL AND registers.closed_at IS NOT NULL;
