-- Words stand beside the scope in which their document is searched for: which way it goes, and whether it is deleted.
-- A word of many documents and a scope of few is then one run of the index.

CREATE TABLE scoped_tokens (
    box_id     BLOB    NOT NULL,
    token      TEXT    NOT NULL,
    scope      INTEGER NOT NULL, -- 1 inbound, 2 outbound, 3 internal; 4, 5, 6 the same when deleted
    created_at INTEGER NOT NULL,
    document   INTEGER NOT NULL, -- documents.id
    PRIMARY KEY (box_id, token, scope, created_at, document)
) STRICT, WITHOUT ROWID;

INSERT INTO scoped_tokens (box_id, token, scope, created_at, document)
SELECT t.box_id, t.token, p.direction + 3 * p.is_deleted, t.created_at, t.document
FROM document_tokens t
JOIN documents d ON d.id = t.document
JOIN document_profiles p ON p.box_id = d.box_id AND p.profile = d.profile
ORDER BY 1, 2, 3, 4, 5;

DROP TABLE document_tokens;
ALTER TABLE scoped_tokens RENAME TO document_tokens;
