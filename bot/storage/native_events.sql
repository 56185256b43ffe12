-- name: native_events(guild)
SELECT session, event_id, is_over FROM native_events WHERE guild_id = :guild;

-- name: keep_native_event(guild, session, event, now)!
INSERT INTO native_events (guild_id, session, event_id, noted_at)
VALUES (:guild, :session, :event, :now)
ON CONFLICT (guild_id, session) DO NOTHING;

-- name: end_native_event(guild, session, now)!
UPDATE native_events SET is_over = 1, noted_at = :now WHERE guild_id = :guild AND session = :session;
