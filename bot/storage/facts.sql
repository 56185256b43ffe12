-- name: all_facts(prefix)
SELECT name, value FROM facts WHERE substr(name, 1, length(:prefix)) = :prefix ORDER BY name;

-- name: remember(name, value)!
INSERT INTO facts (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;
