-- Who was asked for an approval or a signature about a document: they see it wherever it lies. All of it can be made again from
-- the journal: `potok admin rebuild` adds what was asked before.

-- What lists go by of each document, once for everybody who was asked about it.
CREATE TABLE asked (
    box_id    BLOB    NOT NULL,
    kind      INTEGER NOT NULL, -- 1 a person, 2 a department
    addressee BLOB    NOT NULL,
    profile   INTEGER NOT NULL,
    listed_at INTEGER NOT NULL,
    entity_id BLOB    NOT NULL,
    document  INTEGER NOT NULL, -- documents.id
    date      INTEGER NOT NULL,
    PRIMARY KEY (box_id, kind, addressee, profile, listed_at, entity_id, document)
) STRICT, WITHOUT ROWID;
CREATE INDEX asked_by_date ON asked (box_id, kind, addressee, profile, date, listed_at, entity_id) WHERE date <> 0;
CREATE INDEX asked_by_document ON asked (box_id, document, kind, addressee);

-- The same of the documents of a profile of the feed.
CREATE TABLE profile_asked (
    box_id    BLOB    NOT NULL,
    profile   INTEGER NOT NULL,
    number    INTEGER NOT NULL, -- of the document
    kind      INTEGER NOT NULL,
    addressee BLOB    NOT NULL,
    PRIMARY KEY (box_id, profile, number, kind, addressee)
) STRICT, WITHOUT ROWID;
CREATE INDEX profile_asked_by_addressee ON profile_asked (box_id, kind, addressee);
