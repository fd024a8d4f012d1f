-- Layout 2. Which part of an installation with shards this database is; one row from its first start with
-- postgres.shards on, none where one database keeps everything.
--
-- number: 0 is the home database, 1 the first of the shards. shards: how many there are. settled: every one of them has
-- its place, so a database without one is none of ours (said by the home database).
CREATE TABLE place (
  cluster uuid NOT NULL,
  number integer NOT NULL,
  shards integer NOT NULL,
  settled boolean NOT NULL,
  only_row boolean NOT NULL DEFAULT true PRIMARY KEY CHECK (only_row)
);
