-- What is left of events that were erased: enough for the chain of the journal, and for the acts that say so.
CREATE TABLE erased_events (
    box_id    bytea    NOT NULL,
    key       bigint   NOT NULL,
    kind      smallint NOT NULL,
    stream_id bytea    NOT NULL,
    revision  bigint   NOT NULL,
    event_id  bytea    NOT NULL,
    digest    bytea    NOT NULL, -- SHA-256 of the stored form
    PRIMARY KEY (box_id, key)
);
CREATE UNIQUE INDEX erased_events_by_stream ON erased_events (box_id, kind, stream_id, revision);

-- Contents that they named, until somebody has looked whether something else of the box does.
CREATE TABLE erased_contents (
    box_id bytea NOT NULL,
    hash   bytea NOT NULL,
    PRIMARY KEY (box_id, hash)
);
