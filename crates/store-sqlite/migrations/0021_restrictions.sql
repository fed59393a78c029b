-- What keeps organizations from sending.
ALTER TABLE organizations ADD COLUMN liquidated_on TEXT;         -- YYYY-MM-DD
ALTER TABLE organizations ADD COLUMN block_requested_at INTEGER; -- the block holds three days later
ALTER TABLE organizations ADD COLUMN sends_nothing INTEGER NOT NULL DEFAULT 0; -- blocked by the operator
