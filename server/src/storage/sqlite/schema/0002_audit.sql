-- Who did what with other people's records. Each entry is chained to the one before it, and the end of
-- the chain is signed with a key that is not in this file. Nothing here is ever changed but the one row
-- of audit_head.

CREATE TABLE audit (
  seq   INTEGER PRIMARY KEY,
  bytes BLOB    NOT NULL,
  hash  BLOB    NOT NULL
) STRICT;

CREATE TABLE audit_head (
  one  INTEGER PRIMARY KEY CHECK (one = 1),
  seq  INTEGER NOT NULL,
  hash BLOB    NOT NULL,
  tag  BLOB
) STRICT;

INSERT INTO audit_head (one, seq, hash) VALUES (1, 0, zeroblob(32));
