-- Keys that the server holds for people, and what is to be signed by them.

CREATE TABLE held_keys (
    user_id          bytea   NOT NULL,
    name             bytea   NOT NULL, -- SHA-1 of the certificate
    certificate      bytea   NOT NULL,
    digest           text    NOT NULL,
    source           text    NOT NULL, -- where the key is, never the key
    certificate_file text,
    password_file    text,
    is_unattended    boolean NOT NULL,
    added_at         bigint  NOT NULL,
    PRIMARY KEY (user_id, name)
);

CREATE TABLE signings (
    id         bytea   NOT NULL PRIMARY KEY,
    user_id    bytea   NOT NULL,
    started_at bigint  NOT NULL,
    revision   bigint  NOT NULL,
    is_waiting boolean NOT NULL, -- for a word of the holder
    due_at     bigint,           -- when a worker may do it; NULL when there is nothing to do
    stored     bytea   NOT NULL
);
CREATE INDEX signings_by_user ON signings (is_waiting, user_id, started_at);
CREATE INDEX signings_due ON signings (due_at, started_at);
CREATE INDEX signings_by_time ON signings (started_at);
