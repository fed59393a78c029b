-- Attaching universal messages is a right of its own. Until now it went with creating documents.
ALTER TABLE employees ADD COLUMN can_attach_universal_messages INTEGER NOT NULL DEFAULT 0;
UPDATE employees SET can_attach_universal_messages = can_create_documents;
