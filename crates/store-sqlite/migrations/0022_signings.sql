-- Keys that the server holds for people, and what is to be signed by them.

CREATE TABLE held_keys (
    user_id          BLOB    NOT NULL,
    name             BLOB    NOT NULL, -- SHA-1 of the certificate
    certificate      BLOB    NOT NULL,
    digest           TEXT    NOT NULL,
    source           TEXT    NOT NULL, -- where the key is, never the key
    certificate_file TEXT,
    password_file    TEXT,
    is_unattended    INTEGER NOT NULL,
    added_at         INTEGER NOT NULL,
    PRIMARY KEY (user_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE signings (
    id         BLOB    NOT NULL PRIMARY KEY,
    user_id    BLOB    NOT NULL,
    started_at INTEGER NOT NULL,
    revision   INTEGER NOT NULL,
    is_waiting INTEGER NOT NULL, -- for a word of the holder
    due_at     INTEGER,          -- when a worker may do it; NULL when there is nothing to do
    stored     BLOB    NOT NULL
) STRICT;
CREATE INDEX signings_by_user ON signings (is_waiting, user_id, started_at);
CREATE INDEX signings_due ON signings (due_at, started_at);
CREATE INDEX signings_by_time ON signings (started_at);
