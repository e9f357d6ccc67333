-- People who sign in on the server's pages. How they do is read by the server alone.

CREATE TABLE account (
  id          BIGINT   PRIMARY KEY,
  role        SMALLINT NOT NULL,
  sign_in     TEXT     NOT NULL UNIQUE,
  name        TEXT     NOT NULL,
  contact     TEXT     NOT NULL,
  programmes  TEXT     NOT NULL,
  credentials BYTEA    NOT NULL DEFAULT '',
  closed      BOOLEAN  NOT NULL DEFAULT FALSE
);

-- What is known by the fingerprint of a secret, and lasts for a while: sessions, invitations, and what somebody
-- is in the middle of.
CREATE TABLE slip (
  hash       BYTEA    PRIMARY KEY,
  kind       SMALLINT NOT NULL,
  account    BIGINT   REFERENCES account (id),
  value      BYTEA    NOT NULL,
  expires_at BIGINT   NOT NULL
);

CREATE INDEX slip_of_account ON slip (account, kind);
CREATE INDEX slip_by_end ON slip (expires_at);

-- The connections by which devices read get nothing of either (0006).
ALTER TABLE account ENABLE ROW LEVEL SECURITY;
ALTER TABLE account FORCE ROW LEVEL SECURITY;
CREATE POLICY account_of_server ON account
  USING ((SELECT coalesce(current_setting('wellfield.streams', TRUE), '*') = '*'));

ALTER TABLE slip ENABLE ROW LEVEL SECURITY;
ALTER TABLE slip FORCE ROW LEVEL SECURITY;
CREATE POLICY slip_of_server ON slip
  USING ((SELECT coalesce(current_setting('wellfield.streams', TRUE), '*') = '*'));
