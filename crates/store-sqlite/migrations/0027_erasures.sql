-- What is left of events that were erased: enough for the chain of the journal, and for the acts that say so.
CREATE TABLE erased_events (
    box_id    BLOB    NOT NULL,
    key       INTEGER NOT NULL,
    kind      INTEGER NOT NULL,
    stream_id BLOB    NOT NULL,
    revision  INTEGER NOT NULL,
    event_id  BLOB    NOT NULL,
    digest    BLOB    NOT NULL, -- SHA-256 of the stored form
    PRIMARY KEY (box_id, key)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX erased_events_by_stream ON erased_events (box_id, kind, stream_id, revision);

-- Contents that they named, until somebody has looked whether something else of the box does.
CREATE TABLE erased_contents (
    box_id BLOB NOT NULL,
    hash   BLOB NOT NULL,
    PRIMARY KEY (box_id, hash)
) STRICT, WITHOUT ROWID;

-- Each box has names of contents of its own, so that one may forget what another one names. All of them are noted anew from the
-- start of the journal, and nothing is taken away before that is done.
DROP TABLE content_names;
CREATE TABLE content_names (
    box_id BLOB NOT NULL,
    hash   BLOB NOT NULL,
    PRIMARY KEY (box_id, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX content_names_by_hash ON content_names (hash);
DELETE FROM content_names_place;
