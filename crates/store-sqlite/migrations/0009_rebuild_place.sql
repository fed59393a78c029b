-- Where a rebuild of the read models stands, so that a broken one goes on from there. One row at most.
CREATE TABLE rebuild_place (
    box_id      BLOB    NOT NULL,
    message_id  BLOB    NOT NULL, -- the last one that is done
    messages    INTEGER NOT NULL, -- done so far, over all boxes
    differences INTEGER NOT NULL  -- put right so far
) STRICT;
