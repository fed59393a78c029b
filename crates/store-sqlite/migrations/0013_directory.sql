-- More about organizations, departments and people. Rows change with the events of the directory (kind 2) from here on; what is
-- older has rows and no events.

ALTER TABLE organizations ADD COLUMN ifns_code TEXT;    -- of the tax office
ALTER TABLE organizations ADD COLUMN address BLOB;      -- in its stored form
ALTER TABLE organizations ADD COLUMN foreign_code TEXT; -- taxpayer code of its own country
CREATE INDEX organizations_by_foreign_code ON organizations (foreign_code) WHERE foreign_code IS NOT NULL;

ALTER TABLE departments ADD COLUMN address BLOB;
ALTER TABLE departments ADD COLUMN routed_by_kpp INTEGER NOT NULL DEFAULT 0;
ALTER TABLE departments ADD COLUMN routed_by_address INTEGER NOT NULL DEFAULT 0;
ALTER TABLE departments ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;

-- Accounts were made by administrators until now, and were their users' own.
ALTER TABLE users ADD COLUMN is_registered INTEGER NOT NULL DEFAULT 1;

ALTER TABLE employees ADD COLUMN can_use_goskey INTEGER NOT NULL DEFAULT 0;
ALTER TABLE employees ADD COLUMN can_create_payment_orders INTEGER NOT NULL DEFAULT 0;
ALTER TABLE employees ADD COLUMN block_comment TEXT;
ALTER TABLE employees ADD COLUMN can_be_invited_for_chat INTEGER NOT NULL DEFAULT 0;
ALTER TABLE employees ADD COLUMN unsubscribed INTEGER NOT NULL DEFAULT 0; -- a bit for each notification
-- Who was employed once is not taken for somebody new.
ALTER TABLE employees ADD COLUMN deleted_at INTEGER;
