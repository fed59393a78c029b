-- Rows of documents, by which lists are filtered, ordered and searched. All of it can be made again from the journal.

-- What many documents of a box have in common. A filter is answered by choosing profiles first: there are few, and they
-- never change.
CREATE TABLE document_profiles (
    box_id          BLOB    NOT NULL,
    profile         INTEGER NOT NULL, -- 1, 2, 3… in each box
    digest          BLOB    NOT NULL,
    statuses        INTEGER NOT NULL, -- a bit for each status word; 0 for drafts and templates
    type_named_id   TEXT    NOT NULL,
    message_type    INTEGER NOT NULL, -- 1 letter, 2 draft, 3 template
    direction       INTEGER NOT NULL, -- 1 inbound, 2 outbound, 3 internal
    has_proxy       INTEGER NOT NULL,
    is_deleted      INTEGER NOT NULL,
    is_sent         INTEGER NOT NULL,
    department      BLOB    NOT NULL,
    from_department BLOB,             -- inside the organization only
    to_department   BLOB,             -- inside the organization only
    PRIMARY KEY (box_id, profile)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX document_profiles_by_digest ON document_profiles (box_id, digest);

CREATE TABLE documents (
    id           INTEGER PRIMARY KEY,
    box_id       BLOB    NOT NULL,
    message_id   BLOB    NOT NULL,
    entity_id    BLOB    NOT NULL,
    profile      INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    listed_at    INTEGER NOT NULL, -- when it was sent or arrived
    date         INTEGER NOT NULL, -- its own date as yyyymmdd; 0: none
    counteragent BLOB    NOT NULL,
    number       TEXT,
    file_name    TEXT,
    total_sum    INTEGER,          -- in ten-thousandths
    custom_id    TEXT,
    packet       BLOB    NOT NULL,
    packet_since INTEGER NOT NULL,
    digest       INTEGER NOT NULL, -- of all of this, to recognize what has not changed
    words_digest INTEGER NOT NULL  -- the same of words and tags
) STRICT;
CREATE UNIQUE INDEX documents_by_entity ON documents (box_id, message_id, entity_id);
-- A change of status moves a document in these two indexes and in no other.
CREATE INDEX documents_by_profile ON documents (box_id, profile, listed_at, entity_id, counteragent);
CREATE INDEX documents_by_date ON documents (box_id, profile, date, listed_at, entity_id, counteragent)
    WHERE date > 0;
CREATE INDEX documents_by_counteragent ON documents (box_id, counteragent, listed_at, entity_id);
CREATE INDEX documents_by_number ON documents (box_id, number) WHERE number IS NOT NULL;
CREATE INDEX documents_by_file_name ON documents (box_id, file_name) WHERE file_name IS NOT NULL;
CREATE INDEX documents_by_sum ON documents (box_id, total_sum) WHERE total_sum IS NOT NULL;
CREATE INDEX documents_by_custom_id ON documents (box_id, custom_id) WHERE custom_id IS NOT NULL;
CREATE INDEX documents_by_packet ON documents (box_id, packet, packet_since, message_id, entity_id);

-- Words by which documents are found, newest document first. Not FTS5: its order is that of row numbers, and documents
-- do not arrive in the order in which they were made.
CREATE TABLE document_tokens (
    box_id     BLOB    NOT NULL,
    token      TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    document   INTEGER NOT NULL, -- documents.id
    PRIMARY KEY (box_id, token, created_at, document)
) STRICT, WITHOUT ROWID;

-- The tokens of each document, separated by blanks: what to take away when they change.
CREATE TABLE document_words (
    id     INTEGER PRIMARY KEY, -- documents.id
    box_id BLOB NOT NULL,
    tokens TEXT NOT NULL
) STRICT;

CREATE TABLE document_tags (
    box_id     BLOB    NOT NULL,
    key        TEXT    NOT NULL, -- folded
    value      TEXT    NOT NULL, -- folded
    created_at INTEGER NOT NULL,
    document   INTEGER NOT NULL, -- documents.id
    PRIMARY KEY (box_id, key, value, created_at, document)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_tags_by_document ON document_tags (box_id, document);
