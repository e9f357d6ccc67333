-- Behind the decision of who may read what stands the database's own: on a connection by which devices read,
-- the server says for whom it reads (`wellfield.streams`), and no statement gets an event of another stream,
-- or anything that was set aside, whatever it forgets to ask for. Which streams those are is decided where
-- everything of the kind is (core/src/access.rs), and comes here as a list.
--
-- Where nothing was said, as in psql and pg_dump, everything is read: it is our own statements that are held
-- back, and a dump that leaves records out without a word would be the greater harm.

ALTER TABLE event ENABLE ROW LEVEL SECURITY;
-- The server owns its tables, and an owner is held to a policy only so.
ALTER TABLE event FORCE ROW LEVEL SECURITY;
-- Both conditions are worked out once for a statement and not for each row.
CREATE POLICY event_of_reader ON event
  USING (
    (SELECT coalesce(current_setting('wellfield.streams', TRUE), '*') = '*')
    OR stream IN (
      SELECT key FROM stream
      WHERE id = ANY (string_to_array(current_setting('wellfield.streams', TRUE), ' '))
    )
  );

ALTER TABLE quarantine ENABLE ROW LEVEL SECURITY;
ALTER TABLE quarantine FORCE ROW LEVEL SECURITY;
CREATE POLICY quarantine_of_server ON quarantine
  USING ((SELECT coalesce(current_setting('wellfield.streams', TRUE), '*') = '*'));
