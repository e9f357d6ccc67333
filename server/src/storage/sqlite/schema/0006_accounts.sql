-- People who sign in on the server's pages. How they do is read by the server alone.

CREATE TABLE account (
  id          INTEGER PRIMARY KEY,
  role        INTEGER NOT NULL,
  sign_in     TEXT    NOT NULL UNIQUE,
  name        TEXT    NOT NULL,
  contact     TEXT    NOT NULL,
  programmes  TEXT    NOT NULL,
  credentials BLOB    NOT NULL DEFAULT x'',
  closed      INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What is known by the fingerprint of a secret, and lasts for a while: sessions, invitations, and what somebody
-- is in the middle of.
CREATE TABLE slip (
  hash       BLOB    PRIMARY KEY,
  kind       INTEGER NOT NULL,
  account    INTEGER REFERENCES account (id),
  value      BLOB    NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX slip_of_account ON slip (account, kind);
CREATE INDEX slip_by_end ON slip (expires_at);
