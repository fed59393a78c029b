-- Webhooks of boxes, and the last attempts to send their events.

CREATE TABLE webhooks (
    box_id        bytea    NOT NULL,
    id            bytea    NOT NULL,
    made_at       bigint   NOT NULL,
    url           text     NOT NULL,
    secret        bytea    NOT NULL,
    old_secrets   bytea    NOT NULL, -- 24 bytes and the ticks of its end, of each
    user_id       bytea    NOT NULL, -- whose sight decides which events are sent
    department    bytea,
    state         bigint   NOT NULL, -- 1 active, 2 paused, 3 given up
    due_at        bigint,            -- of an active one: nobody sends before
    reason        text,              -- why it was given up
    position      bigint   NOT NULL, -- feed.key up to which everything was taken
    failures      bigint   NOT NULL,
    failing_since bigint,
    turn          bigint   NOT NULL, -- grows with each lease and each change
    attempts      bigint   NOT NULL,
    PRIMARY KEY (box_id, id)
);
CREATE INDEX webhooks_due ON webhooks (due_at, box_id, id) WHERE due_at IS NOT NULL;

CREATE TABLE webhook_attempts (
    box_id       bytea  NOT NULL,
    webhook      bytea  NOT NULL,
    slot         bigint NOT NULL, -- number modulo what is kept
    number       bigint NOT NULL, -- webhooks.attempts
    event_id     bytea  NOT NULL,
    at           bigint NOT NULL,
    milliseconds bigint NOT NULL,
    status       bigint,
    error        text,
    PRIMARY KEY (box_id, webhook, slot)
);
