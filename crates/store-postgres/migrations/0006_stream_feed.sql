-- The events of all streams of a kind are read in the order of their keys: those of relations (kind 3) until now, and the
-- documents that other boxes have forwarded (kind 7).
DROP INDEX events_of_relations;
CREATE INDEX events_by_kind ON events (box_id, kind, key) WHERE kind <> 1;
