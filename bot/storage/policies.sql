-- name: policy(session)$
SELECT policy FROM question_policies WHERE session_key = :session ORDER BY id DESC LIMIT 1;

-- name: keep(session, policy, moderator, at)!
INSERT INTO question_policies (session_key, policy, moderator_id, set_at)
VALUES (:session, :policy, :moderator, :at);
