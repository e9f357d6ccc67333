-- Records that were erased, by the device that has them in its own log, in the order in which devices are
-- told. What a device recorded into a stream that it does not read does not come back to it otherwise.

CREATE TABLE own_erased (
  place  INTEGER PRIMARY KEY AUTOINCREMENT,
  device INTEGER NOT NULL REFERENCES device (id),
  n      INTEGER NOT NULL,
  UNIQUE (device, n)
) STRICT;

CREATE INDEX own_erased_of_device ON own_erased (device, place);

-- Kind 1 stands in the place of what was erased. Device 1 is the server itself.
INSERT INTO own_erased (device, n)
  SELECT device, n FROM event WHERE kind = 1 AND device <> 1
  UNION ALL SELECT device, n FROM quarantine WHERE erased = 1;
