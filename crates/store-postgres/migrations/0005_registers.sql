-- What an administrator tells of the world outside, and what organizations keep here.

CREATE TABLE roaming_operators (
    fns_id    text COLLATE "C" NOT NULL PRIMARY KEY, -- three capitals and digits
    name      text             NOT NULL,
    is_active boolean          NOT NULL,
    features  text             NOT NULL -- one a line: name, tab, description
);
CREATE TABLE participants (
    id_folded text COLLATE "C" NOT NULL PRIMARY KEY,
    id        text COLLATE "C" NOT NULL,
    inn       text COLLATE "C" NOT NULL,
    kpp       text COLLATE "C",
    full_name text             NOT NULL,
    is_closed boolean          NOT NULL -- wants nothing told of itself
);
CREATE INDEX participants_by_inn ON participants (inn, id_folded);

-- Objects of the state register of addresses, by what they are called in words.
CREATE TABLE gar_objects (
    key      text COLLATE "C" NOT NULL PRIMARY KEY,
    fias_id  text             NOT NULL,
    zip_code text
);

CREATE TABLE key_values (
    box_id bytea            NOT NULL,
    key    text COLLATE "C" NOT NULL,
    value  text             NOT NULL,
    PRIMARY KEY (box_id, key)
);

-- Who signs titles with a certificate, and in what capacity; numbers of the API.
CREATE TABLE signers (
    box_id                   bytea  NOT NULL,
    thumbprint               bytea  NOT NULL, -- SHA-1
    title                    bigint NOT NULL,
    job_title                text,
    registration_certificate text,
    signer_type              bigint,
    signer_info              text,
    powers                   bigint,
    status                   bigint,
    powers_base              text,
    org_powers_base          text,
    changed_by               bytea  NOT NULL,
    changed_at               bigint NOT NULL,
    PRIMARY KEY (box_id, thumbprint, title)
);
CREATE TABLE invoice_certificates (
    box_id        bytea  NOT NULL,
    hash          bytea  NOT NULL, -- SHA-256 of the certificate
    registered_by bytea  NOT NULL,
    registered_at bigint NOT NULL,
    PRIMARY KEY (box_id, hash)
);
