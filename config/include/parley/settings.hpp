/// Every setting of a node with its default. Plain structs: who needs limits gets the struct, not a key.
///
/// `config/keys.cpp` binds each name to its field; `config/parley.example.toml`, made from it, lists them all.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace parley {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A token bucket's size and refill. `per_second` 0: no limit.
struct rate_limit {
  double per_second = 0;
  double burst = 0;
};

struct node_settings {
  /// Unique in a cluster; empty: the host name.
  std::string id;
};

struct tls_settings {
  /// Paths of PEM files; both or neither.
  std::string cert;
  std::string key;
};

struct http_settings {
  std::vector<std::string> listen{"127.0.0.1:8080"};
  /// Browser origins that may connect beside the same origin.
  std::vector<std::string> origins;
  tls_settings tls;
  /// The folder of the built web client; empty: nothing is served at `/`.
  std::string web_root;
  unsigned io_threads = 1;
  milliseconds handshake_timeout{10'000};
  milliseconds request_timeout{10'000};
  milliseconds idle_timeout{60'000};
};

struct store_settings {
  std::string kind = "sqlite";
  /// Threads that read beside the writer.
  unsigned readers = 2;
};

struct sqlite_settings {
  /// Empty: `<data>/parley.db`.
  std::string path;
};

struct postgres_settings {
  /// A libpq connection string (`postgresql://…` or `host=… dbname=…`): accounts, devices, files, and without shards
  /// the conversations.
  std::string url;
  /// Databases that share the conversations by hash. Their order and number never change.
  std::vector<std::string> shards;
  /// Connections that append, per database. One takes more than a node can send; more make smaller batches.
  unsigned lanes = 1;
  milliseconds statement_timeout{10'000};
  milliseconds connect_timeout{3'000};
};

struct jwt_settings {
  /// The bytes of the text are the key; empty: generated in `<data>/jwt.secret`.
  std::string hs256_secret;
  /// PEM text, or the path of a PEM file, of another issuer's public key (RSA, P-256 or Ed25519).
  std::string public_key;
  /// Required value of `iss`; empty: not checked.
  std::string issuer;
  std::string audience;
};

struct auth_settings {
  jwt_settings jwt;
  bool registration = true;
  seconds token_lifetime{3600};
  seconds refresh_lifetime{30 * 24 * 3600};
  /// Threads that hash passwords, and how many requests may wait for them.
  unsigned password_threads = 1;
  unsigned password_queue = 64;
  /// Close 4501 this long after a token has expired on an open connection.
  milliseconds expiry_grace{60'000};
};

struct admin_settings {
  /// Empty: generated in `<data>/admin.token`.
  std::string token;
};

/// Every bound. A rate with `per_second` 0 and a count of 0 are off.
struct limit_settings {
  std::size_t frame = 65'536;
  std::size_t text = 16'384;
  std::size_t data = 32'768;
  std::size_t title = 512;
  std::size_t mentions = 50;
  std::size_t attachments = 10;
  std::size_t members = 100'000;
  std::size_t in_flight = 32;
  std::size_t conversation_queue = 1'000;
  std::size_t lane_queue = 4'096;
  std::size_t outbox_frames = 1'024;
  std::size_t outbox_bytes = 1'048'576;
  milliseconds lag_timeout{10'000};
  milliseconds request_age{5'000};
  std::size_t replay = 200;
  std::size_t devices = 32;
  std::size_t connections_per_user = 20;
  std::size_t connections_per_address = 0;
  std::size_t bad_frames = 100;
  rate_limit send{10, 20};
  rate_limit history{20, 100};
  rate_limit create{5, 60};
  /// Log-ins and registrations per address.
  rate_limit login{10, 50};
  rate_limit register_{10, 50};
  /// Frames of any kind per connection.
  rate_limit frame_rate{500, 2'000};
};

struct file_settings {
  /// Folder of the attachments; empty: the store keeps them.
  std::string location;
};

struct group_settings {
  /// Above this many members a group switches to pull mode.
  std::size_t push_limit = 1'000;
};

struct presence_settings {
  milliseconds grace{15'000};
};

struct session_settings {
  milliseconds heartbeat{25'000};
  milliseconds resume{120'000};
};

struct actor_settings {
  /// An actor without work for this long is passivated.
  milliseconds idle{120'000};
  unsigned threads = 2;
};

struct log_settings {
  /// `text` or `json`.
  std::string format = "text";
  std::string level = "info";
};

struct settings {
  /// Where the node keeps what it must not lose.
  std::string data = "data";
  node_settings node;
  http_settings http;
  store_settings store;
  sqlite_settings sqlite;
  postgres_settings postgres;
  auth_settings auth;
  admin_settings admin;
  limit_settings limits;
  file_settings files;
  group_settings groups;
  presence_settings presence;
  session_settings session;
  actor_settings actors;
  log_settings log;
};

} // namespace parley
