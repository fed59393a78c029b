-- Deliveries are handed out box by box, so that nobody waits behind all that one box sends.
CREATE INDEX outbox_by_box ON outbox (box_id, due_at, id);
