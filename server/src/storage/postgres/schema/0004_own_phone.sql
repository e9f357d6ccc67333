-- The links by which somebody answered on their own phone, by their tags, each with the place of what it
-- brought in the server's log, so that what arrives twice is taken in once.

CREATE TABLE answered_link (
  link BYTEA PRIMARY KEY,
  n    BIGINT NOT NULL
);
