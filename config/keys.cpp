#include "config/keys.hpp"

#include "config/checks.hpp"

#include <algorithm>

namespace parley {

namespace {

#define PARLEY_FIELD(path) [](settings& of) -> setting_field { return &of.path; }

constexpr double day_ms = 86'400'000;
constexpr double year_s = 31'536'000;
constexpr double rate_most = 1'000'000;
constexpr double count_most = 1'000'000'000;

// clang-format off
const key table[] = {
  {"data", "Folder for what the node must not lose.", PARLEY_FIELD(data), 0, 0, check_not_empty},

  {"node.id", "Name of the node, unique in a cluster; empty: the host name.",
    PARLEY_FIELD(node.id), 0, 0, check_node_id},

  {"http.listen", "Where clients connect, HOST:PORT each; port 0 picks a free one.",
    PARLEY_FIELD(http.listen), 1, 64, check_address},
  {"http.origins", "Browser origins that may connect beside the server's own, such as https://chat.example.com.",
    PARLEY_FIELD(http.origins), 0, 1'000, check_origin},
  {"http.web_root", "Folder of the built web client; empty: nothing is served at /.", PARLEY_FIELD(http.web_root)},
  {"http.io_threads", "Threads that serve sockets.", PARLEY_FIELD(http.io_threads), 1, 256},
  {"http.handshake_timeout_ms", "Time for TLS, the upgrade to a WebSocket and the first frame that authenticates.",
    PARLEY_FIELD(http.handshake_timeout), 100, day_ms},
  {"http.request_timeout_ms", "Time to receive one HTTP request.", PARLEY_FIELD(http.request_timeout), 100, day_ms},
  {"http.idle_timeout_ms", "An HTTP connection without a request is closed after this.",
    PARLEY_FIELD(http.idle_timeout), 100, day_ms},
  {"http.tls.cert", "PEM file with the certificate chain; empty: no TLS.", PARLEY_FIELD(http.tls.cert)},
  {"http.tls.key", "PEM file with the private key.", PARLEY_FIELD(http.tls.key)},

  {"store.kind", "Where everything is kept: sqlite or postgres.", PARLEY_FIELD(store.kind), 0, 0, check_store_kind},
  {"store.readers", "Threads that read beside the writer.", PARLEY_FIELD(store.readers), 1, 64},
  {"sqlite.path", "Database file; empty: parley.db in the data folder.", PARLEY_FIELD(sqlite.path)},

  {"postgres.url", "Connection string of PostgreSQL, such as postgresql://parley@db.example.com/parley?sslmode=verify-full.",
    PARLEY_FIELD(postgres.url), 0, 0, nullptr, true},
  {"postgres.shards", "Connection strings of databases that share the conversations; their number and order are fixed.",
    PARLEY_FIELD(postgres.shards), 0, 1'000, check_not_empty, true},
  {"postgres.lanes", "Connections that append, for each database.", PARLEY_FIELD(postgres.lanes), 1, 64},
  {"postgres.statement_timeout_ms", "The database gives up a statement after this.",
    PARLEY_FIELD(postgres.statement_timeout), 100, day_ms},
  {"postgres.connect_timeout_ms", "Time for one attempt to connect.", PARLEY_FIELD(postgres.connect_timeout), 100, day_ms},

  {"auth.registration", "Whether anybody may register an account.", PARLEY_FIELD(auth.registration)},
  {"auth.token_lifetime_s", "How long an access token is valid.", PARLEY_FIELD(auth.token_lifetime), 1, year_s},
  {"auth.refresh_lifetime_s", "How long a refresh token is valid.",
    PARLEY_FIELD(auth.refresh_lifetime), 1, 10 * year_s},
  {"auth.password_threads", "Threads that hash passwords, 64 MiB of memory each.",
    PARLEY_FIELD(auth.password_threads), 1, 64},
  {"auth.password_queue", "How many log-ins and registrations may wait for these threads.",
    PARLEY_FIELD(auth.password_queue), 1, 100'000},
  {"auth.expiry_grace_ms", "An open connection is closed this long after its token has expired.",
    PARLEY_FIELD(auth.expiry_grace), 0, day_ms},
  {"auth.jwt.hs256_secret",
    "Key of the tokens issued here, the bytes of the text; empty: made once, kept in the data folder.",
    PARLEY_FIELD(auth.jwt.hs256_secret), 0, 0, nullptr, true},
  {"auth.jwt.public_key",
    "Public key of another token issuer (RSA, P-256 or Ed25519): PEM text or the path of a PEM file.",
    PARLEY_FIELD(auth.jwt.public_key)},
  {"auth.jwt.issuer", "Issuer (iss) that every token must name; empty: not checked.", PARLEY_FIELD(auth.jwt.issuer)},
  {"auth.jwt.audience", "Audience (aud) that every token must name; empty: not checked.",
    PARLEY_FIELD(auth.jwt.audience)},

  {"admin.token", "Token of the operators; empty: made once, kept in the data folder.",
    PARLEY_FIELD(admin.token), 0, 0, nullptr, true},

  {"limits.frame", "Bytes of one frame.", PARLEY_FIELD(limits.frame), 1'024, 16'777'216},
  {"limits.text", "Bytes of a message's text.", PARLEY_FIELD(limits.text), 1, 16'777'216},
  {"limits.data", "Bytes of an application's JSON in a message.", PARLEY_FIELD(limits.data), 2, 16'777'216},
  {"limits.title", "Bytes of a conversation's title.", PARLEY_FIELD(limits.title), 1, 65'536},
  {"limits.mentions", "Members that one message may mention.", PARLEY_FIELD(limits.mentions), 0, 10'000},
  {"limits.attachments", "Files of one message.", PARLEY_FIELD(limits.attachments), 0, 1'000},
  {"limits.members", "Members of a group.", PARLEY_FIELD(limits.members), 2, 10'000'000},
  {"limits.devices", "Devices of a user; a further one replaces the longest unused.",
    PARLEY_FIELD(limits.devices), 1, 10'000},
  {"limits.replay", "Entries of one conversation that are replayed to a device.",
    PARLEY_FIELD(limits.replay), 1, 100'000},
  {"limits.connections_per_user", "Open connections of one user; 0: no limit.",
    PARLEY_FIELD(limits.connections_per_user), 0, count_most},
  {"limits.connections_per_address", "Open connections from one address; 0: no limit.",
    PARLEY_FIELD(limits.connections_per_address), 0, count_most},
  {"limits.bad_frames", "Bad frames within 10 s that end a connection; 0: no limit.",
    PARLEY_FIELD(limits.bad_frames), 0, count_most},
  {"limits.in_flight", "Unanswered requests of one connection.", PARLEY_FIELD(limits.in_flight), 1, 100'000},
  {"limits.conversation_queue", "Unfinished requests of one conversation.",
    PARLEY_FIELD(limits.conversation_queue), 1, count_most},
  {"limits.lane_queue", "Entries that wait for one database connection.",
    PARLEY_FIELD(limits.lane_queue), 1, count_most},
  {"limits.outbox_frames", "Frames that wait for one reader.", PARLEY_FIELD(limits.outbox_frames), 16, count_most},
  {"limits.outbox_bytes", "Bytes that wait for one reader.", PARLEY_FIELD(limits.outbox_bytes), 1'024, 4e9},
  {"limits.lag_timeout_ms", "A lagging reader that takes nothing for this long is closed.",
    PARLEY_FIELD(limits.lag_timeout), 100, day_ms},
  {"limits.request_age_ms", "A request that has waited this long is dropped.",
    PARLEY_FIELD(limits.request_age), 100, day_ms},
  {"limits.send_rate", "Messages a second of one user; 0 in any rate: no limit.",
    PARLEY_FIELD(limits.send.per_second), 0, rate_most},
  {"limits.send_burst", "Messages at once after a pause.", PARLEY_FIELD(limits.send.burst), 0, rate_most},
  {"limits.history_rate", "History and search requests a second of one user.",
    PARLEY_FIELD(limits.history.per_second), 0, rate_most},
  {"limits.history_burst", "History and search requests at once.", PARLEY_FIELD(limits.history.burst), 0, rate_most},
  {"limits.create_rate", "Conversations that one user may create a second.",
    PARLEY_FIELD(limits.create.per_second), 0, rate_most},
  {"limits.create_burst", "Conversations created at once.", PARLEY_FIELD(limits.create.burst), 0, rate_most},
  {"limits.login_rate", "Log-ins a second from one address.", PARLEY_FIELD(limits.login.per_second), 0, rate_most},
  {"limits.login_burst", "Log-ins at once.", PARLEY_FIELD(limits.login.burst), 0, rate_most},
  {"limits.register_rate", "Registrations a second from one address.",
    PARLEY_FIELD(limits.register_.per_second), 0, rate_most},
  {"limits.register_burst", "Registrations at once.", PARLEY_FIELD(limits.register_.burst), 0, rate_most},
  {"limits.frame_rate", "Frames of any kind a second on one connection.",
    PARLEY_FIELD(limits.frame_rate.per_second), 0, rate_most},
  {"limits.frame_burst", "Frames of any kind at once.", PARLEY_FIELD(limits.frame_rate.burst), 0, rate_most},

  {"files.location", "Folder of the attachments; empty: the store keeps them.", PARLEY_FIELD(files.location)},

  {"groups.push_limit", "Above this many members a group's messages are hinted instead of pushed.",
    PARLEY_FIELD(groups.push_limit), 2, 10'000'000},

  {"presence.grace_ms", "A user is shown offline this long after the last connection went.",
    PARLEY_FIELD(presence.grace), 0, day_ms},

  {"session.heartbeat_ms", "A client sends a sign of life this often; twice without one closes the connection.",
    PARLEY_FIELD(session.heartbeat), 100, day_ms},
  {"session.resume_ms", "A session without a connection is kept for this long.",
    PARLEY_FIELD(session.resume), 0, day_ms},

  {"actors.idle_ms", "An actor without work for this long is put away.", PARLEY_FIELD(actors.idle), 100, day_ms},
  {"actors.threads", "Threads that run actors.", PARLEY_FIELD(actors.threads), 1, 256},

  {"log.format", "text or json.", PARLEY_FIELD(log.format), 0, 0, check_log_format},
  {"log.level", "trace, debug, info, warn, error or off.", PARLEY_FIELD(log.level), 0, 0, check_log_level},
};
// clang-format on

#undef PARLEY_FIELD

} // namespace

std::span<const key> all_keys() { return table; }

const key* find_key(std::string_view name) {
  const auto found =
      std::find_if(std::begin(table), std::end(table), [&](const key& each) { return each.name == name; });
  return found == std::end(table) ? nullptr : &*found;
}

} // namespace parley
