-- What `potok copy` notes on both sides, see docs/DATA_MODEL.md. In a store that has nothing to do with a copy all of it is empty.
CREATE TABLE copy_marks (
    role        INTEGER NOT NULL PRIMARY KEY, -- 1: this store is copied to another one, 2: it is a copy of another one
    id          BLOB    NOT NULL,             -- of the copy, the same on both sides
    is_finished INTEGER NOT NULL              -- the copy is used in the place of what was copied
) STRICT;

-- Rows that changed since the copy began: noted by triggers, which are there only while a copy is.
CREATE TABLE copy_changes (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    name   TEXT NOT NULL, -- of the table
    key    TEXT NOT NULL  -- what names the row, as a text
) STRICT;

-- How far a copy is.
CREATE TABLE copy_places (
    name  TEXT NOT NULL PRIMARY KEY,
    place TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Numbers of rows that count within a box elsewhere count over all boxes here: where those of a box begin.
CREATE TABLE copy_boxes (
    box_id BLOB    NOT NULL PRIMARY KEY,
    base   INTEGER NOT NULL,
    room   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
