-- name: open_alert(kind, channel_id, subject, detail, now)!
INSERT INTO alerts (kind, channel_id, subject, detail, opened_at)
VALUES (:kind, :channel_id, :subject, :detail, :now)
ON CONFLICT (kind, channel_id, subject) WHERE closed_at IS NULL DO NOTHING;

-- name: close_broken(channel_id, now)!
UPDATE alerts SET closed_at = :now
WHERE kind = 'broken' AND channel_id = :channel_id AND closed_at IS NULL;

-- name: close_alert(kind, subject, now)!
UPDATE alerts SET closed_at = :now WHERE kind = :kind AND subject = :subject AND closed_at IS NULL;

-- name: open_anywhere(kind, subject)
SELECT id, channel_id FROM alerts WHERE kind = :kind AND subject = :subject AND closed_at IS NULL;

-- name: close_by_id(id, now)!
UPDATE alerts SET closed_at = :now WHERE id = :id AND closed_at IS NULL;

-- name: open_of_no_channel(kind)
SELECT subject FROM alerts WHERE kind = :kind AND channel_id = 0 AND closed_at IS NULL ORDER BY id;

-- name: untold_alerts()
SELECT id, kind, channel_id, subject, detail, opened_at FROM alerts
WHERE told_at IS NULL AND closed_at IS NULL
ORDER BY id;

-- name: open_broken(channel_id)$
SELECT count(*) FROM alerts WHERE kind = 'broken' AND channel_id = :channel_id AND closed_at IS NULL;

-- name: told(id, now)!
UPDATE alerts SET told_at = :now WHERE id = :id AND told_at IS NULL;
