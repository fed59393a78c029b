-- Signing in to programs in a browser.

-- What programs are registered with; addresses one a line.
CREATE TABLE registrations (
    client_id                 TEXT    NOT NULL PRIMARY KEY,
    is_public                 INTEGER NOT NULL,
    redirect_uris             TEXT    NOT NULL,
    post_logout_redirect_uris TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE authorization_codes (
    hash         BLOB    NOT NULL PRIMARY KEY, -- SHA-256
    client_id    TEXT    NOT NULL,
    user_id      BLOB    NOT NULL,
    redirect_uri TEXT    NOT NULL,
    scope        TEXT    NOT NULL,
    nonce        TEXT,
    challenge    TEXT,
    signed_in_at INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    used_at      INTEGER
) STRICT;
CREATE INDEX authorization_codes_by_user ON authorization_codes (user_id);
CREATE INDEX authorization_codes_by_client ON authorization_codes (client_id);
CREATE INDEX authorization_codes_by_end ON authorization_codes (expires_at);

CREATE TABLE device_codes (
    hash             BLOB    NOT NULL PRIMARY KEY, -- SHA-256
    user_code        TEXT    NOT NULL UNIQUE,
    client_id        TEXT    NOT NULL,
    scope            TEXT    NOT NULL,
    expires_at       INTEGER NOT NULL,
    interval_seconds INTEGER NOT NULL,
    asked_at         INTEGER,
    answer           INTEGER NOT NULL, -- 0 waits, 1 allowed, 2 denied
    user_id          BLOB,             -- of whoever allowed it
    signed_in_at     INTEGER
) STRICT;
CREATE INDEX device_codes_by_user ON device_codes (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX device_codes_by_client ON device_codes (client_id);
CREATE INDEX device_codes_by_end ON device_codes (expires_at);

CREATE TABLE consents (
    user_id    BLOB    NOT NULL,
    client_id  TEXT    NOT NULL,
    scope      TEXT    NOT NULL,
    granted_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, client_id)
) STRICT, WITHOUT ROWID;

-- Keys of the server itself: no hash can sign.
CREATE TABLE signing_keys (
    id         TEXT    NOT NULL PRIMARY KEY, -- kid
    pkcs8      BLOB    NOT NULL,
    signs_from INTEGER NOT NULL
) STRICT;

CREATE TABLE service_keys (
    hash      BLOB    NOT NULL PRIMARY KEY, -- SHA-256
    client_id TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    added_at  INTEGER NOT NULL
) STRICT;

-- Which user of ours a user of a trusted service is.
CREATE TABLE service_users (
    key          BLOB    NOT NULL,
    service_user TEXT    NOT NULL,
    user_id      BLOB    NOT NULL,
    bound_at     INTEGER NOT NULL,
    PRIMARY KEY (key, service_user)
) STRICT, WITHOUT ROWID;
CREATE INDEX service_users_by_user ON service_users (user_id);

-- Which user of ours a user of another provider is.
CREATE TABLE outside_users (
    issuer   TEXT    NOT NULL,
    subject  TEXT    NOT NULL,
    user_id  BLOB    NOT NULL,
    added_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;
