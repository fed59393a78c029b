-- What keeps organizations from sending.
ALTER TABLE organizations ADD COLUMN liquidated_on text COLLATE "C"; -- YYYY-MM-DD
ALTER TABLE organizations ADD COLUMN block_requested_at bigint; -- the block holds three days later
ALTER TABLE organizations ADD COLUMN sends_nothing boolean NOT NULL DEFAULT false; -- blocked by the operator
