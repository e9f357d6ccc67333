-- Identifiers of 64 bits and instants are stored as signed integers of the same bits.
-- No rule of the domain stands here: what may be stored is decided before it comes here.

CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The counter `head` and the events under it change in one transaction, so `seq` has no gaps.
CREATE TABLE stream (
  key   INTEGER PRIMARY KEY,
  id    TEXT    NOT NULL UNIQUE,
  head  INTEGER NOT NULL DEFAULT 0,
  epoch INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE event (
  stream      INTEGER NOT NULL REFERENCES stream (key),
  seq         INTEGER NOT NULL,
  device      INTEGER NOT NULL REFERENCES device (id),
  n           INTEGER NOT NULL,
  kind        INTEGER NOT NULL,
  ver         INTEGER NOT NULL,
  subject     INTEGER,
  hlc         INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  hash        BLOB    NOT NULL,
  bytes       BLOB    NOT NULL,
  PRIMARY KEY (stream, seq),
  UNIQUE (device, n)
) STRICT, WITHOUT ROWID;

-- AUTOINCREMENT: the number of a device is never given a second time.
CREATE TABLE device (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  name       TEXT    NOT NULL,
  staff      INTEGER NOT NULL,
  staff_name TEXT    NOT NULL,
  role       INTEGER NOT NULL,
  programmes TEXT    NOT NULL,
  token_hash BLOB    UNIQUE,
  max_n      INTEGER NOT NULL DEFAULT 0,
  pending    INTEGER NOT NULL DEFAULT 0,
  last_seen  INTEGER,
  revoked    INTEGER NOT NULL DEFAULT 0
) STRICT;

-- The server itself, as the author of imported records and received self-referrals. It has no key.
INSERT INTO device (id, name, staff, staff_name, role, programmes) VALUES (1, 'server', 0, '', 2, '');

CREATE TABLE quarantine (
  device      INTEGER NOT NULL REFERENCES device (id),
  n           INTEGER NOT NULL,
  bytes       BLOB    NOT NULL,
  hash        BLOB    NOT NULL,
  outcome     INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  PRIMARY KEY (device, n)
) STRICT, WITHOUT ROWID;

-- For finding a programme by its name. What is shown is what the events add up to.
CREATE TABLE programme (
  id   TEXT PRIMARY KEY,
  name TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE enrolment_code (
  code_hash  BLOB    PRIMARY KEY,
  role       INTEGER NOT NULL,
  programme  TEXT    NOT NULL,
  expires_at INTEGER NOT NULL,
  used_by    INTEGER REFERENCES device (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE submission (
  referral BLOB    PRIMARY KEY,
  n        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
