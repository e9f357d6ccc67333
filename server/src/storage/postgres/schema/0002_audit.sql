-- Who did what with other people's records. Each entry is chained to the one before it, and the end of
-- the chain is signed with a key that is not in this database. Nothing here is ever changed but the one
-- row of audit_head, which is locked until the transaction ends, so that several servers keep one chain.

CREATE TABLE audit (
  seq   BIGINT PRIMARY KEY,
  bytes BYTEA NOT NULL,
  hash  BYTEA NOT NULL
);

CREATE TABLE audit_head (
  one  SMALLINT PRIMARY KEY CHECK (one = 1),
  seq  BIGINT NOT NULL,
  hash BYTEA  NOT NULL,
  tag  BYTEA
) WITH (fillfactor = 50);

INSERT INTO audit_head (one, seq, hash)
VALUES (1, 0, decode(repeat('00', 32), 'hex'));
