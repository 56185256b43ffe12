-- name: add_command(at, kind, by, reason)<!
INSERT INTO agenda_commands (at, kind, by_id, reason) VALUES (:at, :kind, :by, :reason);

-- name: add_session(command, session)!
INSERT INTO agenda_command_sessions (command_id, session_key) VALUES (:command, :session);

-- name: add_change(command, place, block, planned_starts, planned_ends, starts, ends, cancelled, title, speakers, moderator, role)!
INSERT INTO agenda_changes (
    command_id, place, block_key, planned_starts_at, planned_ends_at, starts_at, ends_at, is_cancelled, title, speakers,
    moderator, moderator_role
) VALUES (
    :command, :place, :block, :planned_starts, :planned_ends, :starts, :ends, :cancelled, :title, :speakers, :moderator,
    :role
);

-- name: changes()
SELECT block_key, planned_starts_at, planned_ends_at, starts_at, ends_at, is_cancelled, title, speakers, moderator,
    moderator_role
FROM agenda_changes
ORDER BY command_id, place;

-- name: sequences()
SELECT session_key, count(*) AS changes FROM agenda_command_sessions GROUP BY session_key;

-- name: revision()$
SELECT coalesce(max(id), 0) FROM agenda_commands;

-- name: pause(session, at, by)!
INSERT INTO question_pauses (session_key, paused_at, paused_by) VALUES (:session, :at, :by)
ON CONFLICT DO NOTHING;

-- name: resume(session, at, by)!
UPDATE question_pauses SET resumed_at = :at, resumed_by = :by WHERE session_key = :session AND resumed_at IS NULL;

-- name: is_paused(session)$
SELECT count(*) FROM question_pauses WHERE session_key = :session AND resumed_at IS NULL;
