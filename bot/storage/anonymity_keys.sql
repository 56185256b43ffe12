-- name: key_fingerprint()$
SELECT fingerprint FROM anonymity_key WHERE id = 1;

-- name: has_sealed_under(fingerprint)$
SELECT EXISTS (SELECT 1 FROM questions WHERE sealed_under = :fingerprint);

-- name: sealed_otherwise(fingerprint)$
SELECT count(*) FROM questions WHERE sealed_under <> :fingerprint;

-- name: keep_key_fingerprint(fingerprint)!
INSERT INTO anonymity_key (id, fingerprint) VALUES (1, :fingerprint)
ON CONFLICT (id) DO UPDATE SET fingerprint = excluded.fingerprint;

-- name: forget_key_fingerprint()!
DELETE FROM anonymity_key;

-- name: count_sealed()$
SELECT count(*) FROM questions WHERE author_seal IS NOT NULL;
