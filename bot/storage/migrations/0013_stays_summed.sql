-- Figures of a day straight from the stays, however many there are.
--
-- One person's stays follow each other, so their time is the sum of their lengths, which an index that covers it gives
-- in one pass. Only where a clock was set back, or rows came from elsewhere, can stays of one person overlap, and
-- their time is a union. `overlaps` says where: of any two stays of a person in a session that overlap, at least one
-- bears it, whoever wrote them. An open stay counts as endless. A mark may outlive its reason, which costs nothing
-- but a slower way to the same figures.

ALTER TABLE stays ADD COLUMN overlaps INTEGER NOT NULL DEFAULT 0 CHECK (overlaps IN (0, 1));

DROP INDEX stays_by_session;

CREATE INDEX stays_by_session ON stays (session_key, person_id, opened_at, closed_at, connections);

CREATE INDEX stays_overlapping ON stays (session_key, person_id) WHERE overlaps = 1;

UPDATE stays SET overlaps = 1
WHERE EXISTS (
    SELECT 1 FROM stays other
    WHERE other.session_key = stays.session_key
        AND other.person_id = stays.person_id
        AND other.id <> stays.id
        AND (stays.closed_at IS NULL OR other.opened_at < stays.closed_at)
        AND (other.closed_at IS NULL OR other.closed_at > stays.opened_at)
);

-- As long as a person has no mark, their stays lie apart, and the neighbours are all that one of them can overlap.
CREATE TRIGGER stays_overlap_begun AFTER INSERT ON stays
WHEN EXISTS (
    SELECT 1 FROM stays WHERE session_key = new.session_key AND person_id = new.person_id AND overlaps = 1
) OR EXISTS (
    SELECT 1 FROM (
        SELECT closed_at FROM stays
        WHERE session_key = new.session_key AND person_id = new.person_id AND opened_at <= new.opened_at
            AND id <> new.id
        ORDER BY opened_at DESC, coalesce(closed_at, 9223372036854775807) DESC
        LIMIT 1
    )
    WHERE closed_at IS NULL OR closed_at > new.opened_at
) OR EXISTS (
    SELECT 1 FROM stays
    WHERE session_key = new.session_key AND person_id = new.person_id AND opened_at > new.opened_at
        AND (new.closed_at IS NULL OR opened_at < new.closed_at)
)
BEGIN
    UPDATE stays SET overlaps = 1 WHERE id = new.id;
END;

-- An open stay that ends has been taken for endless before.
CREATE TRIGGER stays_overlap_changed AFTER UPDATE OF person_id, session_key, opened_at, closed_at ON stays
WHEN NOT (
    old.closed_at IS NULL AND new.person_id = old.person_id AND new.session_key = old.session_key
    AND new.opened_at = old.opened_at
) AND (EXISTS (
    SELECT 1 FROM stays WHERE session_key = new.session_key AND person_id = new.person_id AND overlaps = 1
) OR EXISTS (
    SELECT 1 FROM (
        SELECT closed_at FROM stays
        WHERE session_key = new.session_key AND person_id = new.person_id AND opened_at <= new.opened_at
            AND id <> new.id
        ORDER BY opened_at DESC, coalesce(closed_at, 9223372036854775807) DESC
        LIMIT 1
    )
    WHERE closed_at IS NULL OR closed_at > new.opened_at
) OR EXISTS (
    SELECT 1 FROM stays
    WHERE session_key = new.session_key AND person_id = new.person_id AND opened_at > new.opened_at
        AND (new.closed_at IS NULL OR opened_at < new.closed_at)
))
BEGIN
    UPDATE stays SET overlaps = 1 WHERE id = new.id;
END;
