-- name: note_question_posts(numbers, at)!
INSERT INTO erasure_posts (kind, channel_id, notice_id, numbers, noted_at)
SELECT k.kind, n.channel_id, n.id, json_array(k.number), :at
FROM (
    SELECT value AS number, 'question' AS kind, 'question/' || value || '/on-air' AS key FROM json_each(:numbers)
    UNION ALL
    SELECT value, 'answer', 'question/' || value || '/answer' FROM json_each(:numbers)
) k
JOIN notices n ON n.key = k.key
WHERE n.state <> 'failed'
ON CONFLICT DO NOTHING;

-- name: note_lists(numbers, at)!
INSERT INTO erasure_posts (kind, channel_id, notice_id, numbers, noted_at)
SELECT DISTINCT 'list', n.channel_id, n.id, :numbers, :at
FROM notices n
JOIN cues c ON c.notice = n.key AND c.channel_id = n.channel_id
WHERE c.kind IN ('qa_opens', 'summary') AND n.state <> 'failed'
ON CONFLICT (kind, coalesce(message_id, -notice_id)) WHERE outcome IS NULL DO UPDATE
SET numbers = (
    SELECT json_group_array(value) FROM (
        SELECT value FROM json_each(erasure_posts.numbers) UNION SELECT value FROM json_each(excluded.numbers)
    )
);

-- name: note_live(numbers, at)!
INSERT INTO erasure_posts (kind, channel_id, message_id, numbers, noted_at)
SELECT 'live', channel_id, message_id, :numbers, :at FROM live_messages
-- What says what is on shows nobody who asked.
WHERE name NOT LIKE 'now/%'
ON CONFLICT DO NOTHING;

-- name: note_flag(channel, message, at)!
INSERT INTO erasure_posts (kind, channel_id, message_id, numbers, noted_at)
VALUES ('flag', :channel, :message, '[]', :at)
ON CONFLICT DO NOTHING;

-- name: posts_waiting()
SELECT p.id, p.kind, p.channel_id, coalesce(p.message_id, n.message_id) AS message_id, p.notice_id, p.numbers,
    p.noted_at, p.attempts, n.state, n.key, n.generation, n.part
FROM erasure_posts p
LEFT JOIN notices n ON n.id = p.notice_id
WHERE p.outcome IS NULL
ORDER BY p.id;

-- name: count_posts_waiting()$
SELECT count(*) FROM erasure_posts WHERE outcome IS NULL;

-- name: note_attempt(id)!
UPDATE erasure_posts SET attempts = attempts + 1 WHERE id = :id AND outcome IS NULL;

-- name: drop(id)!
DELETE FROM erasure_posts WHERE id = :id;

-- name: give_up(id, outcome, at)!
UPDATE erasure_posts SET outcome = :outcome, settled_at = :at WHERE id = :id AND outcome IS NULL;

-- name: drop_live(message)!
DELETE FROM erasure_posts WHERE kind = 'live' AND message_id = :message AND outcome IS NULL;

-- name: posts_not_changed()
-- What organizers are to be told: what was taken away in place of being changed, and what could not be reached.
SELECT p.id, p.kind, p.channel_id, coalesce(p.message_id, n.message_id) AS message_id, p.numbers, p.outcome
FROM erasure_posts p
LEFT JOIN notices n ON n.id = p.notice_id
WHERE p.outcome IS NOT NULL
ORDER BY p.id;

-- name: live_since(message)$
SELECT posted_at FROM live_messages WHERE message_id = :message;

-- name: answer_text(number, generation)$
SELECT text FROM question_answers WHERE number = :number AND generation = :generation;
