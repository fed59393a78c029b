-- Contents in the content store that events name, so that the others can be taken away. Noted some time after the events, in
-- the order of their rows.
CREATE TABLE content_names (
    hash BLOB NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;
CREATE TABLE content_names_place (
    one   INTEGER NOT NULL PRIMARY KEY,
    event INTEGER NOT NULL -- the row of the last event whose names are noted
) STRICT;

CREATE INDEX shelf_parts_by_hash ON shelf_parts (hash);
