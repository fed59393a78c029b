-- One layout for plain PostgreSQL and for Citus: box_id comes first in every key of a table of a box. Numbers of rows count
-- within a box and come from its head, not from a sequence: a sequence is in no order over several machines.
-- Ids are 16 bytes, digests 32, ordered by their bytes; times are ticks (100 ns since year 1). Texts are ordered by their
-- bytes, whatever the locale of the database.

-- The head of a box. Every transaction that writes to the box begins with a write to this row, so there is one at a time.
CREATE TABLE boxes (
    box_id bytea  NOT NULL PRIMARY KEY,
    rows   bigint NOT NULL DEFAULT 0, -- numbers given to rows so far
    noted  bigint NOT NULL DEFAULT 0  -- the number of the last event whose names of contents are noted
) WITH (fillfactor = 50);

-- The journal. Rows of some 2 KB stay in their page.
CREATE TABLE events (
    box_id    bytea    NOT NULL,
    id        bigint   NOT NULL,
    kind      smallint NOT NULL, -- of the stream; 1 is a message
    stream_id bytea    NOT NULL,
    revision  bigint   NOT NULL, -- 1 for the first event of the stream in this box
    event_id  bytea    NOT NULL,
    key       bigint   NOT NULL, -- place in the feed
    stored    bytea    NOT NULL, -- the event in its stored form
    ready     bytea    NOT NULL, -- how the readers of the kind get it; for messages the BoxEvent without its key
    PRIMARY KEY (box_id, id)
) WITH (toast_tuple_target = 8160);
ALTER TABLE events ALTER COLUMN stored SET STORAGE MAIN, ALTER COLUMN ready SET STORAGE MAIN;
CREATE UNIQUE INDEX events_by_stream ON events (box_id, kind, stream_id, revision);
-- The first event of a message has the message's own id and is found by the index above.
CREATE UNIQUE INDEX events_by_id ON events (box_id, event_id) WHERE revision > 1;
-- Events of other kinds have keys too and no place in the feed: the last key of a box is here or there.
CREATE INDEX events_by_key ON events (box_id, key) WHERE kind <> 1;
-- What happened to the list of counteragents, in order.
CREATE INDEX events_of_relations ON events (box_id, key) WHERE kind = 3;

-- The feed: small rows. The counters are running totals of the box, so that the number of events between two places is a
-- subtraction.
CREATE TABLE feed (
    box_id       bytea    NOT NULL,
    key          bigint   NOT NULL,
    event        bigint   NOT NULL, -- events.id
    at           bigint   NOT NULL, -- the event's own time
    message_type smallint NOT NULL, -- 1 letter, 2 draft, 3 template
    profile      bigint   NOT NULL,
    seq          bigint   NOT NULL, -- events of the box up to here
    letters      bigint   NOT NULL, -- those of letters
    drafts       bigint   NOT NULL, -- those of drafts
    nth          bigint   NOT NULL, -- those of this profile
    max_lead     bigint   NOT NULL, -- the largest at - key up to here
    max_lag      bigint   NOT NULL, -- the largest key - at up to here
    PRIMARY KEY (box_id, key)
);
CREATE INDEX feed_by_profile ON feed (box_id, profile, key, nth, at);

-- Events that look the same to every filter share a profile: the kind of message and the set of what is known of the
-- concerned documents.
CREATE TABLE profiles (
    box_id       bytea    NOT NULL,
    profile      bigint   NOT NULL, -- 1, 2, 3… in each box
    message_type smallint NOT NULL,
    digest       bytea    NOT NULL,
    PRIMARY KEY (box_id, profile),
    UNIQUE (box_id, digest)
);
CREATE TABLE profile_documents (
    box_id        bytea            NOT NULL,
    profile       bigint           NOT NULL,
    number        bigint           NOT NULL,
    type_named_id text COLLATE "C" NOT NULL,
    direction     smallint         NOT NULL, -- 1 inbound, 2 outbound, 3 internal
    counteragent  bytea            NOT NULL,
    department    bytea            NOT NULL,
    PRIMARY KEY (box_id, profile, number)
);
CREATE INDEX profile_documents_by_counteragent ON profile_documents (box_id, counteragent);
CREATE INDEX profile_documents_by_department ON profile_documents (box_id, department);

CREATE TABLE operations (
    box_id    bytea            NOT NULL,
    method    text COLLATE "C" NOT NULL,
    id        text COLLATE "C" NOT NULL,
    kind      smallint         NOT NULL,
    stream_id bytea            NOT NULL,
    event_id  bytea            NOT NULL,
    PRIMARY KEY (box_id, method, id)
);

-- Which document refers to which, numbered in the order in which it was written.
CREATE TABLE links (
    box_id           bytea  NOT NULL,
    base_message     bytea  NOT NULL,
    base_entity      bytea  NOT NULL,
    referrer_message bytea  NOT NULL,
    referrer_entity  bytea  NOT NULL,
    id               bigint NOT NULL,
    PRIMARY KEY (box_id, base_message, base_entity, referrer_message, referrer_entity)
);

CREATE TABLE small_contents (
    box_id bytea NOT NULL,
    hash   bytea NOT NULL,
    bytes  bytea NOT NULL,
    PRIMARY KEY (box_id, hash)
);
-- Contents in the content store that events name, so that the others can be taken away.
CREATE TABLE content_names (
    box_id bytea NOT NULL,
    hash   bytea NOT NULL,
    PRIMARY KEY (box_id, hash)
);
CREATE INDEX content_names_by_hash ON content_names (hash);

-- Deliveries that are not done.
CREATE TABLE outbox (
    box_id     bytea    NOT NULL,
    id         bigint   NOT NULL,
    kind       smallint NOT NULL,
    stream_id  bytea    NOT NULL,
    event_id   bytea    NOT NULL,
    revision   bigint   NOT NULL, -- where the event stands in its stream
    to_box     bytea    NOT NULL,
    due_at     bigint   NOT NULL, -- 0: at once; 9223372036854775807: after the one before it
    attempt    bigint   NOT NULL, -- leases so far
    worker     bytea,             -- who has it; NULL: nobody
    last_error text,
    PRIMARY KEY (box_id, id)
);
CREATE INDEX outbox_by_stream ON outbox (box_id, kind, stream_id, id);
CREATE INDEX outbox_by_box ON outbox (box_id, due_at, id);
