-- Rows of documents, by which lists are filtered, ordered and searched. All of it can be made again from the journal.

-- What many documents of a box have in common. A filter is answered by choosing profiles first: there are few.
CREATE TABLE document_profiles (
    box_id          bytea            NOT NULL,
    profile         bigint           NOT NULL, -- 1, 2, 3… in each box
    digest          bytea            NOT NULL,
    statuses        bigint           NOT NULL, -- a bit for each status word; 0 for drafts and templates
    type_named_id   text COLLATE "C" NOT NULL,
    message_type    smallint         NOT NULL, -- 1 letter, 2 draft, 3 template
    direction       smallint         NOT NULL, -- 1 inbound, 2 outbound, 3 internal
    has_proxy       boolean          NOT NULL,
    is_deleted      boolean          NOT NULL,
    is_sent         boolean          NOT NULL,
    department      bytea            NOT NULL,
    from_department bytea,                     -- inside the organization only
    to_department   bytea,                     -- inside the organization only
    PRIMARY KEY (box_id, profile),
    UNIQUE (box_id, digest)
);

CREATE TABLE documents (
    box_id       bytea            NOT NULL,
    id           bigint           NOT NULL,
    message_id   bytea            NOT NULL,
    entity_id    bytea            NOT NULL,
    profile      bigint           NOT NULL,
    created_at   bigint           NOT NULL,
    listed_at    bigint           NOT NULL, -- when it was sent or arrived
    date         bigint           NOT NULL, -- its own date as yyyymmdd; 0: none
    counteragent bytea            NOT NULL,
    number       text COLLATE "C",
    file_name    text COLLATE "C",
    total_sum    bigint,                    -- in ten-thousandths
    custom_id    text COLLATE "C",
    packet       bytea            NOT NULL,
    packet_since bigint           NOT NULL,
    digest       bigint           NOT NULL, -- of all of this, to recognize what has not changed
    words_digest bigint           NOT NULL, -- the same of words and tags
    PRIMARY KEY (box_id, id),
    UNIQUE (box_id, message_id, entity_id)
);
-- A change of status moves a document in these four indexes and in no other.
CREATE INDEX documents_by_profile ON documents (box_id, profile, listed_at, entity_id);
CREATE INDEX documents_by_date ON documents (box_id, profile, date, listed_at, entity_id) WHERE date <> 0;
CREATE INDEX documents_by_counteragent ON documents (box_id, counteragent, profile, listed_at, entity_id);
CREATE INDEX documents_by_counteragent_and_date
    ON documents (box_id, counteragent, profile, date, listed_at, entity_id) WHERE date <> 0;
CREATE INDEX documents_by_sum ON documents (box_id, total_sum, id) WHERE total_sum IS NOT NULL;
CREATE INDEX documents_by_custom_id ON documents (box_id, custom_id) WHERE custom_id IS NOT NULL;
CREATE INDEX documents_by_packet ON documents (box_id, packet, packet_since, message_id, entity_id);

-- Words by which documents are found, beside the scope in which their document is searched for.
CREATE TABLE document_tokens (
    box_id     bytea            NOT NULL,
    token      text COLLATE "C" NOT NULL,
    scope      smallint         NOT NULL, -- 1 inbound, 2 outbound, 3 internal; 4, 5, 6 the same when deleted
    created_at bigint           NOT NULL,
    document   bigint           NOT NULL, -- documents.id
    PRIMARY KEY (box_id, token, scope, created_at, document)
);
-- The tokens of each document, separated by blanks: what to take away when they change.
CREATE TABLE document_words (
    box_id bytea            NOT NULL,
    id     bigint           NOT NULL, -- documents.id
    tokens text COLLATE "C" NOT NULL,
    PRIMARY KEY (box_id, id)
);
CREATE TABLE document_tags (
    box_id     bytea            NOT NULL,
    key        text COLLATE "C" NOT NULL, -- folded
    value      text COLLATE "C" NOT NULL, -- folded
    created_at bigint           NOT NULL,
    document   bigint           NOT NULL, -- documents.id
    PRIMARY KEY (box_id, key, value, created_at, document)
);
CREATE INDEX document_tags_by_document ON document_tags (box_id, document);

-- Where a rebuild of the read models stands, so that a broken one goes on from there. One row at most.
CREATE TABLE rebuild_place (
    box_id      bytea  NOT NULL,
    message_id  bytea  NOT NULL, -- the last one that is done
    messages    bigint NOT NULL, -- done so far, over all boxes
    differences bigint NOT NULL  -- put right so far
);
