-- name: add_draft(kind, content, revision, at, by)$
INSERT INTO drafts (kind, content, revision, made_at, made_by)
VALUES (:kind, :content, :revision, :at, :by)
RETURNING id;

-- name: draft(id)^
SELECT id, kind, content, revision, made_by, confirmed_at FROM drafts WHERE id = :id;

-- name: confirm_draft(id, by, at)!
UPDATE drafts SET confirmed_at = max(:at, made_at) WHERE id = :id AND made_by = :by AND confirmed_at IS NULL;

-- name: add(kind, session, content, at, expires_at)!
INSERT INTO public_words (kind, session_key, content, at, expires_at)
VALUES (:kind, :session, :content, :at, :expires_at);

-- name: untold()
SELECT id, kind, session_key, content, at, expires_at FROM public_words WHERE told_at IS NULL ORDER BY id;

-- name: told(id, at)!
UPDATE public_words SET told_at = :at WHERE id = :id AND told_at IS NULL;
