-- Documents of one counteragent are found by their state and by their date too, and a search reads no row before it knows
-- that it wants it. Numbers and names of files are found by their words, and need no indexes of their own.

DROP INDEX documents_by_profile;
DROP INDEX documents_by_date;
DROP INDEX documents_by_counteragent;
DROP INDEX documents_by_number;
DROP INDEX documents_by_file_name;

-- A change of status moves a document in these four indexes and in no other.
CREATE INDEX documents_by_profile
    ON documents (box_id, profile, listed_at, entity_id, counteragent, created_at, date);
-- Not «date > 0»: asked for beside a place in the list, it would be taken for the bound from which to read.
CREATE INDEX documents_by_date ON documents (box_id, profile, date, listed_at, entity_id, counteragent)
    WHERE date <> 0;
CREATE INDEX documents_by_counteragent ON documents (box_id, counteragent, profile, listed_at, entity_id, date);
CREATE INDEX documents_by_counteragent_and_date
    ON documents (box_id, counteragent, profile, date, listed_at, entity_id) WHERE date <> 0;
