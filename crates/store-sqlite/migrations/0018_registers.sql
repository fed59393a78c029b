-- What an administrator tells of the world outside, and what organizations keep here.

-- With another operator; nobody works in its box here.
ALTER TABLE organizations ADD COLUMN is_roaming INTEGER NOT NULL DEFAULT 0;

CREATE TABLE roaming_operators (
    fns_id    TEXT    NOT NULL PRIMARY KEY, -- three capitals and digits
    name      TEXT    NOT NULL,
    is_active INTEGER NOT NULL,
    features  TEXT    NOT NULL -- one a line: name, tab, description
) STRICT, WITHOUT ROWID;

CREATE TABLE participants (
    id_folded TEXT    NOT NULL PRIMARY KEY,
    id        TEXT    NOT NULL,
    inn       TEXT    NOT NULL,
    kpp       TEXT,
    full_name TEXT    NOT NULL,
    is_closed INTEGER NOT NULL -- wants nothing told of itself
) STRICT, WITHOUT ROWID;
CREATE INDEX participants_by_inn ON participants (inn, id_folded);

-- Objects of the state register of addresses, by what they are called in words.
CREATE TABLE gar_objects (
    key      TEXT NOT NULL PRIMARY KEY,
    fias_id  TEXT NOT NULL,
    zip_code TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE key_values (
    box_id BLOB NOT NULL,
    key    TEXT NOT NULL,
    value  TEXT NOT NULL,
    PRIMARY KEY (box_id, key)
) STRICT, WITHOUT ROWID;

-- Who signs titles with a certificate, and in what capacity; numbers of the API.
CREATE TABLE signers (
    box_id                   BLOB    NOT NULL,
    thumbprint               BLOB    NOT NULL, -- SHA-1
    title                    INTEGER NOT NULL,
    job_title                TEXT,
    registration_certificate TEXT,
    signer_type              INTEGER,
    signer_info              TEXT,
    powers                   INTEGER,
    status                   INTEGER,
    powers_base              TEXT,
    org_powers_base          TEXT,
    changed_by               BLOB    NOT NULL,
    changed_at               INTEGER NOT NULL,
    PRIMARY KEY (box_id, thumbprint, title)
) STRICT, WITHOUT ROWID;

CREATE TABLE invoice_certificates (
    box_id        BLOB    NOT NULL,
    hash          BLOB    NOT NULL, -- SHA-256 of the certificate
    registered_by BLOB    NOT NULL,
    registered_at INTEGER NOT NULL,
    PRIMARY KEY (box_id, hash)
) STRICT, WITHOUT ROWID;
