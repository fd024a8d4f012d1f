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

-- What edits, deletes or reacts to an entry.
CREATE INDEX log_by_target ON log (conversation, target, seq) WHERE target > 0;

-- The words of messages, by their latest text; the text itself is in the log only. It is brought up to date when
-- somebody searches, up to entry up_to of each log, so a message costs its writer nothing. The rowid is
-- number * 2^32 + seq. Search forms (search_words.hpp) are what is indexed; whoever changes them makes it anew.
CREATE TABLE indexed_logs (
  number INTEGER PRIMARY KEY,
  conversation BLOB NOT NULL UNIQUE,
  up_to INTEGER NOT NULL
) STRICT;

CREATE VIRTUAL TABLE words USING fts5 (
  form,
  content = '',
  columnsize = 0,
  tokenize = "unicode61 remove_diacritics 2 categories 'L* N* M* Co Cn So'"
);

-- The projection of the log, written in the transaction of the entries it comes from.
CREATE TABLE conversations (
  id BLOB NOT NULL PRIMARY KEY,
  kind INTEGER NOT NULL,
  title TEXT NOT NULL,
  history INTEGER NOT NULL,
  mode INTEGER NOT NULL,
  data TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  mode_chosen INTEGER NOT NULL,
  updated INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- earlier: memberships before this one as joined-left, oldest first: 1-8,20-31.
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
  role_since INTEGER NOT NULL,
  earlier TEXT NOT NULL,
  PRIMARY KEY (user, conversation)
) STRICT, WITHOUT ROWID;

CREATE INDEX members_by_conversation ON members (conversation, left_seq, user);

CREATE TABLE accounts (
  user TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Prefixes are looked for without regard to case.
CREATE INDEX accounts_by_folded_user ON accounts (user COLLATE NOCASE);
CREATE INDEX accounts_by_folded_name ON accounts (name COLLATE NOCASE);

-- user wants to hear nothing of other.
CREATE TABLE blocks (
  user TEXT NOT NULL,
  other TEXT NOT NULL,
  PRIMARY KEY (user, other)
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
CREATE INDEX refresh_tokens_by_device ON refresh_tokens (user, device);
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at);

-- push: where notifications go, a JSON object or empty.
CREATE TABLE devices (
  user TEXT NOT NULL,
  device TEXT NOT NULL,
  last_used INTEGER NOT NULL,
  push TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (user, device)
) STRICT, WITHOUT ROWID;

-- The latest one of each device: tokens issued at or before it are refused.
CREATE TABLE revocations (
  user TEXT NOT NULL,
  device TEXT NOT NULL,
  at INTEGER NOT NULL,
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

-- Attachments. The content is cut into chunks of 256 KiB, counted from 0.
CREATE TABLE files (
  id BLOB NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  mime TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 BLOB NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE file_chunks (
  file BLOB NOT NULL,
  number INTEGER NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (file, number)
) STRICT;

-- Where a file was sent to; the members there may read it.
CREATE TABLE file_conversations (
  file BLOB NOT NULL,
  conversation BLOB NOT NULL,
  PRIMARY KEY (file, conversation)
) STRICT, WITHOUT ROWID;
