-- Relations between boxes: streams of kind 3, of which each has a row here while the other box stands in the list.
CREATE TABLE counteragents (
    box_id       BLOB    NOT NULL,
    counteragent BLOB    NOT NULL, -- the other box
    key          INTEGER NOT NULL, -- that of the last event: the list goes from the newest to the oldest
    event        INTEGER NOT NULL, -- events.id of the last event
    status       INTEGER NOT NULL, -- 1 partner, 2 invites, 3 invited, 5 rejects, 6 rejected
    group_id     BLOB    NOT NULL,
    PRIMARY KEY (box_id, counteragent)
) STRICT, WITHOUT ROWID;
CREATE INDEX counteragents_by_key ON counteragents (box_id, key, event);
CREATE INDEX counteragents_by_status ON counteragents (box_id, status, key, event);
CREATE INDEX counteragents_by_group ON counteragents (box_id, group_id, key, event) WHERE status = 1;

-- What happened to the list, in order.
CREATE INDEX events_of_relations ON events (box_id, key) WHERE kind = 3;

-- Work that a call has begun, as long as somebody may ask for its result.
CREATE TABLE tasks (
    id           BLOB    NOT NULL PRIMARY KEY,
    user_id      BLOB    NOT NULL,
    box_id       BLOB    NOT NULL,
    started_at   INTEGER NOT NULL,
    outcome      INTEGER NOT NULL, -- 1 done, 2 done when the document arrives, 3 failed
    counteragent BLOB,
    message_id   BLOB,
    entity_id    BLOB,
    reason       TEXT
) STRICT;
CREATE INDEX tasks_by_time ON tasks (started_at);
