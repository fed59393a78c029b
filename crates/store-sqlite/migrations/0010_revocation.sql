-- Rights that can be taken back.

ALTER TABLE users ADD COLUMN is_blocked INTEGER NOT NULL DEFAULT 0;

-- Refresh tokens follow each other in chains, which are named by their first one.
ALTER TABLE tokens ADD COLUMN issued_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tokens ADD COLUMN family BLOB;
ALTER TABLE tokens ADD COLUMN parent BLOB;
ALTER TABLE tokens ADD COLUMN spent_at INTEGER;
UPDATE tokens SET family = hash WHERE kind = 2;
-- Those that are good of a chain are few, and are looked for at each use.
CREATE INDEX tokens_by_family ON tokens (family, kind, spent_at, parent) WHERE family IS NOT NULL;
CREATE INDEX tokens_by_user ON tokens (user_id, client_id, issued_at);
CREATE INDEX tokens_by_client ON tokens (client_id, user_id, issued_at);
