-- name: live_message(name)^
SELECT channel_id, message_id, posted_at FROM live_messages WHERE name = :name;

-- name: keep_live_message(name, channel, message, posted_at)!
INSERT INTO live_messages (name, channel_id, message_id, posted_at)
VALUES (:name, :channel, :message, :posted_at)
ON CONFLICT (name) DO UPDATE
SET channel_id = excluded.channel_id, message_id = excluded.message_id, posted_at = excluded.posted_at;
