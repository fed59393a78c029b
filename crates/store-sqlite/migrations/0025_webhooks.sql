-- Webhooks of boxes, and the last attempts to send their events.

CREATE TABLE webhooks (
    box_id        BLOB    NOT NULL,
    id            BLOB    NOT NULL,
    made_at       INTEGER NOT NULL,
    url           TEXT    NOT NULL,
    secret        BLOB    NOT NULL,
    old_secrets   BLOB    NOT NULL, -- 24 bytes and the ticks of its end, of each
    user_id       BLOB    NOT NULL, -- whose sight decides which events are sent
    department    BLOB,
    state         INTEGER NOT NULL, -- 1 active, 2 paused, 3 given up
    due_at        INTEGER,          -- of an active one: nobody sends before
    reason        TEXT,             -- why it was given up
    position      INTEGER NOT NULL, -- feed.key up to which everything was taken
    failures      INTEGER NOT NULL,
    failing_since INTEGER,
    turn          INTEGER NOT NULL, -- grows with each lease and each change
    attempts      INTEGER NOT NULL,
    PRIMARY KEY (box_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX webhooks_due ON webhooks (due_at, box_id, id) WHERE due_at IS NOT NULL;

CREATE TABLE webhook_attempts (
    box_id       BLOB    NOT NULL,
    webhook      BLOB    NOT NULL,
    slot         INTEGER NOT NULL, -- number modulo what is kept
    number       INTEGER NOT NULL, -- webhooks.attempts
    event_id     BLOB    NOT NULL,
    at           INTEGER NOT NULL,
    milliseconds INTEGER NOT NULL,
    status       INTEGER,
    error        TEXT,
    PRIMARY KEY (box_id, webhook, slot)
) STRICT, WITHOUT ROWID;
