-- What devices show with their requests, and the keys that they sign with (docs/decisions/0035-signed-requests.md).
-- A device that joined before devices signed has no row until it brings its key.

CREATE TABLE device_proof (
  device     INTEGER PRIMARY KEY REFERENCES device (id),
  public_key BLOB    NOT NULL,
  shown      BLOB    NOT NULL UNIQUE,
  next       BLOB    UNIQUE,
  before     BLOB,
  changed_at INTEGER NOT NULL,
  -- Of which one that is over it was entered in the audit that somebody showed it.
  old_noted  BLOB
) STRICT;

CREATE INDEX device_proof_before ON device_proof (before);
