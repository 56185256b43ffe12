-- name: all()
SELECT number, session_key, title, link, file_name FROM materials ORDER BY session_key, number;

-- name: content_of(number)^
SELECT file_name, content FROM materials WHERE number = :number AND content IS NOT NULL;

-- name: add(session, title, link, file_name, content, at, by)$
INSERT INTO materials (session_key, title, link, file_name, content, added_at, added_by)
VALUES (:session, :title, :link, :file_name, :content, :at, :by)
RETURNING number;

-- name: remove(number)!
DELETE FROM materials WHERE number = :number;
