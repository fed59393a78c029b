-- Boxes that have something to deliver, as a hint for whoever delivers: the outbox is the truth, and a slow sweep of it finds
-- what was not noted. So nothing of this is worth a log: a server that crashed begins with none.
-- Over many machines this is a table of one of them, which no transaction writes together with a box.
CREATE UNLOGGED TABLE waiting (
    box_id bytea  NOT NULL PRIMARY KEY,
    due_at bigint NOT NULL, -- not later than the first delivery of the box
    noted  bigint NOT NULL  -- another number whenever somebody noted the box: who found nothing there forgets what he saw only
);
CREATE INDEX waiting_by_time ON waiting (due_at);
