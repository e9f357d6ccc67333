-- Who was erased, as numbers that say nothing by themselves, so that what arrives late about them is not
-- kept. What was set aside about them says nothing any more, and nobody has to decide about it.

CREATE TABLE erased (
  subject BIGINT PRIMARY KEY
);

ALTER TABLE quarantine ADD COLUMN erased BOOLEAN NOT NULL DEFAULT FALSE;
