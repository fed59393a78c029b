-- Words of documents that came lately, those of a document in one row: each word for itself lies in another page of
-- document_tokens, and all of them were written with every document. Searches look here too, until many are put there together.
CREATE TABLE fresh_words (
    box_id     BLOB    NOT NULL,
    scope      INTEGER NOT NULL, -- as in document_tokens
    created_at INTEGER NOT NULL,
    document   INTEGER NOT NULL, -- documents.id
    tokens     TEXT    NOT NULL, -- with a blank before and behind each
    PRIMARY KEY (box_id, scope, created_at, document)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER fresh_words_gone AFTER DELETE ON document_words
BEGIN DELETE FROM fresh_words WHERE box_id = OLD.box_id AND document = OLD.id; END;
CREATE TRIGGER fresh_document_gone AFTER DELETE ON documents
BEGIN DELETE FROM fresh_words WHERE box_id = OLD.box_id AND document = OLD.id; END;
