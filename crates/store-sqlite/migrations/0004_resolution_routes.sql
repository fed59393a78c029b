-- Routes of approval: who is asked, one after the other.
CREATE TABLE resolution_routes (
    box_id BLOB NOT NULL,
    id     BLOB NOT NULL,
    name   TEXT NOT NULL,
    PRIMARY KEY (box_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE resolution_route_stages (
    box_id        BLOB    NOT NULL,
    route_id      BLOB    NOT NULL,
    number        INTEGER NOT NULL, -- from 0 on
    user_id       BLOB, -- the person who is asked, or
    department_id BLOB, -- the department where anybody is; zero is the head
    name          TEXT    NOT NULL, -- of either, at the time when the route was made
    PRIMARY KEY (box_id, route_id, number)
) STRICT, WITHOUT ROWID;
