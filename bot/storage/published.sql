-- name: of_session(session, channel_id)
SELECT session_key, channel_id, generation, made_at, figures, texts
FROM published_summaries
WHERE session_key = :session AND channel_id = :channel_id
ORDER BY generation;

-- name: last_of_session(session)^
SELECT session_key, channel_id, generation, made_at, figures, texts
FROM published_summaries
WHERE session_key = :session
ORDER BY made_at DESC, generation DESC
LIMIT 1;

-- name: keep(session, channel_id, generation, made_at, figures, texts)!
-- Made anew for another instant: nothing of what was made before it is in the channel.
INSERT INTO published_summaries (session_key, channel_id, generation, made_at, figures, texts)
VALUES (:session, :channel_id, :generation, :made_at, :figures, :texts)
ON CONFLICT (session_key, channel_id, generation) DO UPDATE
SET made_at = excluded.made_at, figures = excluded.figures, texts = excluded.texts
WHERE made_at <> excluded.made_at;

-- name: drop(session, channel_id, generation)!
DELETE FROM published_summaries
WHERE session_key = :session AND channel_id = :channel_id AND generation = :generation;

-- name: broken_generations()
-- A corrected summary without the one that it corrects.
SELECT session_key FROM published_summaries one
WHERE generation > 1 AND NOT EXISTS (
    SELECT 1 FROM published_summaries before
    WHERE before.session_key = one.session_key AND before.channel_id = one.channel_id
        AND before.generation = one.generation - 1
);

-- name: broken_figures()
-- Figures or texts that nobody can read any more.
SELECT session_key FROM published_summaries WHERE NOT json_valid(figures) OR NOT json_valid(texts);
