-- Every table of a box has box_id first in its keys, so that the same layout can be spread over shards.
-- Ids are 16 bytes, digests 32, times are ticks (100 ns since year 1).

-- The journal. Rows of some 2 KB: a rowid table, because WITHOUT ROWID reads rows of this size three times slower.
CREATE TABLE events (
    id         INTEGER PRIMARY KEY,
    box_id     BLOB    NOT NULL,
    message_id BLOB    NOT NULL,
    revision   INTEGER NOT NULL, -- 1 for the first event of the message in this box
    event_id   BLOB    NOT NULL,
    key        INTEGER NOT NULL, -- place in the feed
    stored     BLOB    NOT NULL, -- the event in its stored form
    box_event  BLOB    NOT NULL  -- the ready BoxEvent, without its key
) STRICT;
CREATE UNIQUE INDEX events_by_message ON events (box_id, message_id, revision);
-- The first event has the message's own id and is found by the index above.
CREATE UNIQUE INDEX events_by_id ON events (box_id, event_id) WHERE revision > 1;

-- The feed: small rows, so that filters do not drag the bodies through memory. The counters are running totals of the
-- box, so that the number of events between two places is a subtraction.
CREATE TABLE feed (
    box_id       BLOB    NOT NULL,
    key          INTEGER NOT NULL,
    event        INTEGER NOT NULL, -- events.id
    at           INTEGER NOT NULL, -- the event's own time
    message_type INTEGER NOT NULL, -- 1 letter, 2 draft, 3 template
    profile      INTEGER NOT NULL,
    seq          INTEGER NOT NULL, -- events of the box up to here
    letters      INTEGER NOT NULL, -- those of letters
    drafts       INTEGER NOT NULL, -- those of drafts
    nth          INTEGER NOT NULL, -- those of this profile
    max_lead     INTEGER NOT NULL, -- the largest at - key up to here
    max_lag      INTEGER NOT NULL, -- the largest key - at up to here
    PRIMARY KEY (box_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX feed_by_profile ON feed (box_id, profile, key, nth, at);

-- Events that look the same to every filter share a profile: the kind of message and the set of what is known of the
-- concerned documents. A filter is answered by choosing profiles; each event has exactly one, so counts just add up.
CREATE TABLE profiles (
    box_id       BLOB    NOT NULL,
    profile      INTEGER NOT NULL, -- 1, 2, 3… in each box
    message_type INTEGER NOT NULL,
    digest       BLOB    NOT NULL,
    PRIMARY KEY (box_id, profile)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX profiles_by_digest ON profiles (box_id, digest);

CREATE TABLE profile_documents (
    box_id        BLOB    NOT NULL,
    profile       INTEGER NOT NULL,
    number        INTEGER NOT NULL,
    type_named_id TEXT    NOT NULL,
    direction     INTEGER NOT NULL, -- 1 inbound, 2 outbound, 3 internal
    counteragent  BLOB    NOT NULL,
    department    BLOB    NOT NULL,
    PRIMARY KEY (box_id, profile, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX profile_documents_by_counteragent ON profile_documents (box_id, counteragent);
CREATE INDEX profile_documents_by_department ON profile_documents (box_id, department);

CREATE TABLE operations (
    box_id     BLOB NOT NULL,
    method     TEXT NOT NULL,
    id         TEXT NOT NULL,
    message_id BLOB NOT NULL,
    event_id   BLOB NOT NULL,
    PRIMARY KEY (box_id, method, id)
) STRICT, WITHOUT ROWID;

-- Which document refers to which.
CREATE TABLE links (
    id               INTEGER PRIMARY KEY,
    box_id           BLOB NOT NULL,
    base_message     BLOB NOT NULL,
    base_entity      BLOB NOT NULL,
    referrer_message BLOB NOT NULL,
    referrer_entity  BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX links_by_base
    ON links (box_id, base_message, base_entity, referrer_message, referrer_entity);

CREATE TABLE small_contents (
    id     INTEGER PRIMARY KEY,
    box_id BLOB NOT NULL,
    hash   BLOB NOT NULL,
    bytes  BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX small_contents_by_hash ON small_contents (box_id, hash);

-- Deliveries that are not done. AUTOINCREMENT: the number of a settled delivery must never come back, because a late
-- worker may still hold a lease on it.
CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    box_id     BLOB    NOT NULL,
    message_id BLOB    NOT NULL,
    event_id   BLOB    NOT NULL,
    to_box     BLOB    NOT NULL,
    due_at     INTEGER NOT NULL, -- 0: at once; 9223372036854775807: after the one before it
    attempt    INTEGER NOT NULL, -- leases so far
    worker     BLOB,             -- who has it; NULL: nobody
    last_error TEXT
) STRICT;
CREATE INDEX outbox_by_message ON outbox (box_id, message_id, id);
CREATE INDEX outbox_by_time ON outbox (due_at, id);

CREATE TABLE organizations (
    org_id             BLOB    NOT NULL PRIMARY KEY,
    box_id             BLOB    NOT NULL UNIQUE,
    inn                TEXT    NOT NULL,
    kpp                TEXT,
    full_name          TEXT    NOT NULL,
    short_name         TEXT    NOT NULL,
    ogrn               TEXT,
    fns_participant_id TEXT    NOT NULL UNIQUE,
    counteragents_only INTEGER NOT NULL,
    is_test            INTEGER NOT NULL,
    is_suspended       INTEGER NOT NULL
) STRICT;
CREATE INDEX organizations_by_inn ON organizations (inn, kpp);

CREATE TABLE departments (
    box_id       BLOB NOT NULL,
    id           BLOB NOT NULL,
    number       INTEGER NOT NULL, -- order in which they were added
    parent       BLOB NOT NULL,
    name         TEXT NOT NULL,
    abbreviation TEXT NOT NULL,
    kpp          TEXT,
    PRIMARY KEY (box_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
    id            BLOB    NOT NULL PRIMARY KEY,
    login         TEXT    NOT NULL,
    login_folded  TEXT    NOT NULL UNIQUE, -- in lower case, of every alphabet
    last_name     TEXT    NOT NULL,
    first_name    TEXT    NOT NULL,
    middle_name   TEXT,
    is_service    INTEGER NOT NULL,
    password_hash TEXT
) STRICT;

CREATE TABLE employees (
    box_id                       BLOB    NOT NULL,
    user_id                      BLOB    NOT NULL,
    position                     TEXT    NOT NULL,
    created_at                   INTEGER NOT NULL,
    department                   BLOB    NOT NULL,
    is_administrator             INTEGER NOT NULL,
    access                       INTEGER NOT NULL, -- DocumentAccessLevel
    selected_departments         BLOB    NOT NULL, -- 16 bytes each
    can_create_documents         INTEGER NOT NULL,
    can_sign_documents           INTEGER NOT NULL,
    can_delete_restore_documents INTEGER NOT NULL,
    can_add_resolutions          INTEGER NOT NULL,
    can_request_resolutions      INTEGER NOT NULL,
    can_manage_counteragents     INTEGER NOT NULL,
    is_blocked                   INTEGER NOT NULL,
    PRIMARY KEY (box_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX employees_by_user ON employees (user_id);

CREATE TABLE api_clients (
    id           TEXT    NOT NULL PRIMARY KEY,
    name         TEXT    NOT NULL,
    secret_hash  BLOB,
    is_blocked   INTEGER NOT NULL,
    service_user BLOB
) STRICT;

CREATE TABLE tokens (
    hash       BLOB    NOT NULL PRIMARY KEY,
    kind       INTEGER NOT NULL, -- 1 access, 2 refresh
    client_id  TEXT    NOT NULL,
    user_id    BLOB    NOT NULL,
    scope      TEXT    NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tokens_by_end ON tokens (expires_at);

CREATE TABLE shelf_files (
    user_id    BLOB    NOT NULL,
    name       TEXT    NOT NULL,
    part_count INTEGER,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX shelf_files_by_end ON shelf_files (expires_at);

CREATE TABLE shelf_parts (
    user_id    BLOB    NOT NULL,
    name       TEXT    NOT NULL,
    number     INTEGER NOT NULL,
    hash       BLOB    NOT NULL,
    size_bytes INTEGER NOT NULL,
    PRIMARY KEY (user_id, name, number)
) STRICT, WITHOUT ROWID;
