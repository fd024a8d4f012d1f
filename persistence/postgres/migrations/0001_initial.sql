-- Layout 1. Times are milliseconds since the Unix epoch, seqs and positions count from 1 with 0 for "none",
-- enumerations are the numbers of core's model. Text that is a key or is ordered is compared byte by byte ("C"), as
-- everywhere else in Parley. Fixed columns stand before those of varying length, the widest first, so that no row has
-- holes.

-- The number of the last migration that was applied; one row.
CREATE TABLE schema_version (version integer NOT NULL);

-- One row per entry. Order is the primary key. The body comes last, so that counting does not walk through long texts.
CREATE TABLE log (
  conversation uuid NOT NULL,
  seq bigint NOT NULL,
  target bigint NOT NULL,
  at bigint NOT NULL,
  kind smallint NOT NULL,
  countable boolean NOT NULL,
  client uuid,
  author text COLLATE "C" NOT NULL,
  print bytea NOT NULL,
  body text COLLATE "C" NOT NULL,
  PRIMARY KEY (conversation, seq)
) PARTITION BY HASH (conversation);

-- The projection of the log, written in the transaction of the entries it comes from.
CREATE TABLE conversations (
  id uuid NOT NULL PRIMARY KEY,
  created_at bigint NOT NULL,
  updated bigint NOT NULL,
  kind smallint NOT NULL,
  history smallint NOT NULL,
  mode smallint NOT NULL,
  mode_chosen boolean NOT NULL,
  title text COLLATE "C" NOT NULL,
  data text COLLATE "C" NOT NULL
);

-- earlier: memberships before this one as joined-left, oldest first: 1-8,20-31. Positions move all the time and are in
-- no index; the free room lets them move within their page.
CREATE TABLE members (
  conversation uuid NOT NULL,
  joined_seq bigint NOT NULL,
  left_seq bigint NOT NULL,
  delivered bigint NOT NULL,
  read bigint NOT NULL,
  shown bigint NOT NULL,
  muted_until bigint NOT NULL,
  role_since bigint NOT NULL,
  role smallint NOT NULL,
  "user" text COLLATE "C" NOT NULL,
  earlier text COLLATE "C" NOT NULL,
  PRIMARY KEY ("user", conversation)
) PARTITION BY HASH ("user");

DO $$
BEGIN
  FOR part IN 0..15 LOOP
    EXECUTE format('CREATE TABLE log_%s PARTITION OF log FOR VALUES WITH (MODULUS 16, REMAINDER %s)', part, part);
    EXECUTE format('CREATE TABLE members_%s PARTITION OF members FOR VALUES WITH (MODULUS 16, REMAINDER %s)'
                   ' WITH (fillfactor = 80)', part, part);
  END LOOP;
END
$$;

-- A client id stands once under its author.
CREATE UNIQUE INDEX log_by_client ON log (conversation, author, client) WHERE client IS NOT NULL;

-- What edits, deletes or reacts to an entry.
CREATE INDEX log_by_target ON log (conversation, target, seq) WHERE target > 0;

-- Rows lie nearly in the order of their times.
CREATE INDEX log_by_time ON log USING brin (at);

CREATE INDEX members_by_conversation ON members (conversation, left_seq, "user");

-- The words of messages, by their latest text: the search form (search_words.hpp), and its words for the index. They
-- are brought up to date when somebody searches, up to entry up_to of each log, so a message costs its writer nothing.
CREATE TABLE indexed_logs (
  conversation uuid NOT NULL PRIMARY KEY,
  up_to bigint NOT NULL
);

CREATE TABLE words (
  conversation uuid NOT NULL,
  seq bigint NOT NULL,
  at bigint NOT NULL,
  form text COLLATE "C" NOT NULL,
  words tsvector NOT NULL,
  PRIMARY KEY (conversation, seq)
);

CREATE INDEX words_by_word ON words USING gin (words);

-- Whoever erases a text erases its words with it. The lock keeps out whoever is reading the log to index it: either it
-- finds the text gone, or its words are there to be deleted.
CREATE FUNCTION forget_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(NEW.conversation::text, 1));
  DELETE FROM words
    WHERE conversation = NEW.conversation AND seq = CASE WHEN NEW.target > 0 THEN NEW.target ELSE NEW.seq END;
  RETURN NULL;
END
$$;

CREATE TRIGGER log_forgets AFTER UPDATE OF body ON log
  FOR EACH ROW WHEN (NEW.body = '{}' AND OLD.body <> '{}') EXECUTE FUNCTION forget_words();

CREATE TABLE accounts (
  created_at bigint NOT NULL,
  "user" text COLLATE "C" NOT NULL PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  password_hash text COLLATE "C" NOT NULL
);

-- Prefixes are looked for without regard to case.
CREATE INDEX accounts_by_folded_user ON accounts (lower("user"));
CREATE INDEX accounts_by_folded_name ON accounts (lower(name));

-- user wants to hear nothing of other.
CREATE TABLE blocks (
  "user" text COLLATE "C" NOT NULL,
  other text COLLATE "C" NOT NULL,
  PRIMARY KEY ("user", other)
);

CREATE TABLE last_seen (
  at bigint NOT NULL,
  "user" text COLLATE "C" NOT NULL PRIMARY KEY
) WITH (fillfactor = 80);

-- state: 0 usable, 1 used, 2 revoked (with its whole family).
CREATE TABLE refresh_tokens (
  family uuid NOT NULL,
  expires_at bigint NOT NULL,
  state smallint NOT NULL DEFAULT 0,
  digest bytea NOT NULL PRIMARY KEY,
  "user" text COLLATE "C" NOT NULL,
  device text COLLATE "C" NOT NULL
);

CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family);
CREATE INDEX refresh_tokens_by_device ON refresh_tokens ("user", device);
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at);

-- push: where notifications go, a JSON object or empty.
CREATE TABLE devices (
  last_used bigint NOT NULL,
  "user" text COLLATE "C" NOT NULL,
  device text COLLATE "C" NOT NULL,
  push text COLLATE "C" NOT NULL DEFAULT '',
  PRIMARY KEY ("user", device)
) WITH (fillfactor = 80);

-- The latest one of each device: tokens issued at or before it are refused.
CREATE TABLE revocations (
  at bigint NOT NULL,
  "user" text COLLATE "C" NOT NULL,
  device text COLLATE "C" NOT NULL,
  PRIMARY KEY ("user", device)
);

-- What a device has acknowledged of a conversation. Rows exist for known devices only.
CREATE TABLE cursors (
  conversation uuid NOT NULL,
  seq bigint NOT NULL,
  "user" text COLLATE "C" NOT NULL,
  device text COLLATE "C" NOT NULL,
  PRIMARY KEY ("user", device, conversation)
) WITH (fillfactor = 80);

-- Attachments. The content is cut into chunks of 256 KiB, counted from 0.
CREATE TABLE files (
  id uuid NOT NULL PRIMARY KEY,
  size bigint NOT NULL,
  at bigint NOT NULL,
  owner text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  mime text COLLATE "C" NOT NULL,
  sha256 bytea NOT NULL
);

CREATE TABLE file_chunks (
  file uuid NOT NULL,
  number bigint NOT NULL,
  content bytea NOT NULL,
  PRIMARY KEY (file, number)
);

-- Content is mostly compressed already.
ALTER TABLE file_chunks ALTER COLUMN content SET STORAGE EXTERNAL;

-- Where a file was sent to; the members there may read it.
CREATE TABLE file_conversations (
  file uuid NOT NULL,
  conversation uuid NOT NULL,
  PRIMARY KEY (file, conversation)
);

-- Notifications that are still to be sent, written in the transaction of their entry.
CREATE TABLE push_outbox (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  conversation uuid NOT NULL,
  seq bigint NOT NULL,
  due_at bigint NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  "user" text COLLATE "C" NOT NULL,
  device text COLLATE "C" NOT NULL
);

CREATE INDEX push_outbox_by_due ON push_outbox (due_at);
