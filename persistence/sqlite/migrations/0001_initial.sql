-- Layout 1. Times are milliseconds since the Unix epoch, ids of conversations and clients are 16 bytes, seqs and
-- positions count from 1 with 0 for "none", enumerations are the numbers of core's model.

-- One row per entry. Order is the primary key: rows of a conversation lie side by side, so a page of history is a
-- page of the file. The body comes last, so that counting does not walk through long texts.
CREATE TABLE log (
  conversation BLOB NOT NULL,
  seq INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  author TEXT NOT NULL,
  client BLOB,
  target INTEGER NOT NULL,
  at INTEGER NOT NULL,
  countable INTEGER NOT NULL,
  print BLOB NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (conversation, seq)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX log_by_client ON log (conversation, author, client) WHERE client IS NOT NULL;

-- The projection of the log, written in the transaction of the entries it comes from.
CREATE TABLE conversations (
  id BLOB NOT NULL PRIMARY KEY,
  kind INTEGER NOT NULL,
  title TEXT NOT NULL,
  history INTEGER NOT NULL,
  mode INTEGER NOT NULL,
  data TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE members (
  user TEXT NOT NULL,
  conversation BLOB NOT NULL,
  role INTEGER NOT NULL,
  joined_seq INTEGER NOT NULL,
  left_seq INTEGER NOT NULL,
  delivered INTEGER NOT NULL,
  read INTEGER NOT NULL,
  shown INTEGER NOT NULL,
  muted_until INTEGER NOT NULL,
  PRIMARY KEY (user, conversation)
) STRICT, WITHOUT ROWID;

CREATE INDEX members_by_conversation ON members (conversation, left_seq, user);

CREATE TABLE accounts (
  user TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE last_seen (
  user TEXT NOT NULL PRIMARY KEY,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- state: 0 usable, 1 used, 2 revoked (with its whole family).
CREATE TABLE refresh_tokens (
  digest BLOB NOT NULL PRIMARY KEY,
  family BLOB NOT NULL,
  user TEXT NOT NULL,
  device TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  state INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family);
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at);

CREATE TABLE devices (
  user TEXT NOT NULL,
  device TEXT NOT NULL,
  last_used INTEGER NOT NULL,
  PRIMARY KEY (user, device)
) STRICT, WITHOUT ROWID;

-- What a device has acknowledged of a conversation. Rows exist for known devices only.
CREATE TABLE cursors (
  user TEXT NOT NULL,
  device TEXT NOT NULL,
  conversation BLOB NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (user, device, conversation)
) STRICT, WITHOUT ROWID;
