-- Other operators that call as a box here.
ALTER TABLE roaming_operators ADD COLUMN box_id BLOB;
