-- The journal holds streams of several kinds. Until now messages were the only ones: kind 1.

DROP INDEX events_by_message;
ALTER TABLE events RENAME COLUMN message_id TO stream_id;
-- How the readers of the kind get it; for messages the BoxEvent without its key.
ALTER TABLE events RENAME COLUMN box_event TO ready;
ALTER TABLE events ADD COLUMN kind INTEGER NOT NULL DEFAULT 1;
CREATE UNIQUE INDEX events_by_stream ON events (box_id, kind, stream_id, revision);
-- Events of other kinds have keys too and no place in the feed: the last key of a box is here or there.
CREATE INDEX events_by_key ON events (box_id, key) WHERE kind <> 1;

DROP INDEX outbox_by_message;
ALTER TABLE outbox RENAME COLUMN message_id TO stream_id;
ALTER TABLE outbox ADD COLUMN kind INTEGER NOT NULL DEFAULT 1;
-- Where the event stands in its stream, so that a delivery reads that one and no other.
ALTER TABLE outbox ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
UPDATE outbox SET revision = coalesce(
    (SELECT e.revision FROM events e
     WHERE e.box_id = outbox.box_id AND e.kind = 1 AND e.stream_id = outbox.stream_id
       AND e.event_id = outbox.event_id), 0);
CREATE INDEX outbox_by_stream ON outbox (box_id, kind, stream_id, id);

ALTER TABLE operations RENAME COLUMN message_id TO stream_id;
ALTER TABLE operations ADD COLUMN kind INTEGER NOT NULL DEFAULT 1;
