-- Organizations that exchange encrypted documents, and programs that read the events of all boxes of their users.

ALTER TABLE organizations ADD COLUMN encrypts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE api_clients ADD COLUMN is_partner INTEGER NOT NULL DEFAULT 0; -- a technology partner
