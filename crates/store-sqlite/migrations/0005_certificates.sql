-- Logging in by certificate.

-- A thumbprint belongs to one account at most; the bytes decide whether it is really that certificate.
CREATE TABLE user_certificates (
    thumbprint BLOB    NOT NULL PRIMARY KEY, -- SHA-1
    der        BLOB    NOT NULL,
    user_id    BLOB    NOT NULL,
    added_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX user_certificates_by_user ON user_certificates (user_id);

-- Questions that wait for their answer. The rising number tells which are the newest of a bucket.
CREATE TABLE login_challenges (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    hash        BLOB    NOT NULL UNIQUE, -- SHA-256 of the answer
    client_id   TEXT    NOT NULL,
    certificate BLOB    NOT NULL, -- SHA-256
    bucket      TEXT    NOT NULL, -- what shares a bound
    expires_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX login_challenges_by_bucket ON login_challenges (bucket, id);
CREATE INDEX login_challenges_by_end ON login_challenges (expires_at);

-- The certificate that bought the token, so that it goes with it.
ALTER TABLE tokens ADD COLUMN certificate BLOB;
CREATE INDEX tokens_by_certificate ON tokens (certificate) WHERE certificate IS NOT NULL;
