-- Powers of attorney. The register is a stream (kind 5) of each power in the box zero, named by the registration number; tasks
-- say which power they registered (outcome 4), or what is wrong with it (outcome 5).
ALTER TABLE tasks ADD COLUMN power BLOB;
ALTER TABLE tasks ADD COLUMN code TEXT;

-- Those that employees have at hand: rows of the directory (kind 2).
CREATE TABLE employee_powers (
    box_id             BLOB    NOT NULL,
    user_id            BLOB    NOT NULL,
    number             BLOB    NOT NULL,
    issuer_inn         TEXT    NOT NULL,
    representative_inn TEXT,
    is_default         INTEGER NOT NULL, -- at most one of each user
    attached_at        INTEGER NOT NULL,
    detached_at        INTEGER,          -- what was at hand once is told from what never was
    PRIMARY KEY (box_id, user_id, number)
) STRICT, WITHOUT ROWID;
