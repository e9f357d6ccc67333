-- What devices show with their requests, and the keys that they sign with (docs/decisions/0035-signed-requests.md).
-- A device that joined before devices signed has no row until it brings its key.

CREATE TABLE device_proof (
  device     BIGINT  PRIMARY KEY REFERENCES device (id),
  public_key BYTEA   NOT NULL,
  shown      BYTEA   NOT NULL UNIQUE,
  next       BYTEA   UNIQUE,
  before     BYTEA,
  changed_at BIGINT  NOT NULL,
  -- Of which one that is over it was entered in the audit that somebody showed it.
  old_noted  BYTEA
);

CREATE INDEX device_proof_before ON device_proof (before);
