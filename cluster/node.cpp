#include "cluster/node.hpp"

#include "actors/conversation.hpp"
#include "actors/node_context.hpp"
#include "actors/presence.hpp"
#include "actors/session.hpp"
#include "actors/system.hpp"
#include "actors/user.hpp"
#include "cluster/metrics_page.hpp"
#include "net/auth/accounts.hpp"
#include "net/auth/secrets.hpp"
#include "net/auth/token_verifier.hpp"
#include "net/edge.hpp"
#include "net/metrics_route.hpp"
#include "net/rest/rest.hpp"
#include "net/server.hpp"
#include "net/tls/tls_context.hpp"
#include "persistence/counted_log.hpp"
#include "persistence/open.hpp"
#include "persistence/tail_cache.hpp"

#include <caf/actor_registry.hpp>
#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <thread>

namespace parley::cluster {

namespace fs = std::filesystem;

namespace {

/// Clients are told to come back within this time, so that they do not all come at once.
constexpr milliseconds goodbye_spread{2'000};
/// How long clients, then actors, may take to go.
constexpr milliseconds goodbye_patience{3'000};
constexpr milliseconds wind_up_patience{5'000};

std::string host_name() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return "node";
  std::string id{name.data()};
  for (auto& c : id)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '.' && c != '-') c = '-';
  return id.empty() ? "node" : id;
}

result<void> prepare_data_folder(const std::string& folder) {
  std::error_code failed;
  if (fs::create_directories(folder, failed)) fs::permissions(folder, fs::perms::owner_all, failed);
  if (failed) return fail(errc::unavailable, fmt::format("data directory {}: {}", folder, failed.message()));
  if (::access(folder.c_str(), W_OK | X_OK) != 0)
    return fail(errc::unavailable, fmt::format("data directory {} is not writable", folder));
  return {};
}

/// Fills in what the settings leave to the data directory.
result<void> complete(settings& config) {
  if (config.node.id.empty()) config.node.id = host_name();
  if (const auto made = prepare_data_folder(config.data); !made) return made;
  if (config.sqlite.path.empty()) config.sqlite.path = config.data + "/parley.db";
  if (config.auth.jwt.hs256_secret.empty()) {
    auto secret = net::load_or_create_secret(config.data + "/jwt.secret", 32);
    if (!secret) return fail(secret.error());
    config.auth.jwt.hs256_secret = std::move(*secret);
  }
  if (config.admin.token.empty()) {
    auto token = net::load_or_create_secret(config.data + "/admin.token", 32);
    if (!token) return fail(token.error());
    config.admin.token = std::move(*token);
  }
  return {};
}

persistence::postgres_options postgres_options_of(const settings& config) {
  return {.url = config.postgres.url,
          .shards = config.postgres.shards,
          // Beside the reading actors there are threads that check passwords and serve files.
          .readers = config.store.readers + 2,
          .lanes = config.postgres.lanes,
          .statement_timeout = config.postgres.statement_timeout,
          .connect_timeout = config.postgres.connect_timeout};
}

result<stores> open_stores(const settings& config) {
  if (config.store.kind == "memory") return persistence::open_memory();
  if (config.store.kind == "postgres") return persistence::open_postgres(postgres_options_of(config));
  return persistence::open_sqlite(config.sqlite.path, {.readers = config.store.readers});
}

} // namespace

// Built from top to bottom, taken down from bottom to top: what stands lower uses what stands higher. Actors and
// waiting requests may hold a connection to their end, so the server stands above them.
struct node::parts {
  parts(settings given, std::unique_ptr<clock> clock, stores opened, net::token_verifier verifier,
        const std::shared_ptr<net::revocations>& revoked, net::static_files files)
      : config{std::move(given)},
        owned_clock{std::move(clock)},
        kept{count_and_remember(std::move(opened), config, counts)},
        tokens{std::move(verifier)},
        runtime{std::max(1U, config.actors.threads)},
        sends{config.limits.send},
        creations{config.limits.create},
        histories{config.limits.history},
        shared{time,
               config,
               actors,
               deliveries,
               unsettled,
               presences,
               visits,
               sends,
               creations,
               histories,
               actors::store_readers{runtime.system(), kept, std::max(1U, config.store.readers)},
               actors::open_lanes(runtime.system(), kept.log),
               *kept.log,
               config.node.id},
        users{config.auth, config.limits.request_age, kept.accounts, time},
        api{{.limits = config.limits,
             .time = time,
             .tokens = tokens,
             .revoked = revoked,
             .kept = kept,
             .run =
                 [this](actors::single_request request) {
                   actors::run_single_request(runtime.system(), shared, std::move(request));
                 },
             .close_device =
                 [this](const user_id& user, const device_id& device, actors::close_code code,
                        const std::string& reason) { edge.sessions.end_device(user, device, code, reason); }}},
        pages{config.limits, config.http.origins, time, users, std::move(files), [this] { return is_ready(); }, rows()},
        edge{config,
             time,
             tokens,
             pages,
             addresses,
             [this](actors::session_opening opening) {
               return actors::open_session(runtime.system(), shared, std::move(opening));
             },
             config.node.id} {}

  /// What asks the database from here on is counted. SQLite reads a page of history faster than it is worth
  /// remembering.
  static stores count_and_remember(stores opened, const settings& config,
                                   std::shared_ptr<persistence::log_counts> counts) {
    opened.log = persistence::count_calls(std::move(opened.log), std::move(counts));
    if (config.store.kind == "postgres") opened.log = persistence::remember_tails(std::move(opened.log));
    return opened;
  }

  result<void> register_actor_types() {
    for (auto& type : {actors::conversation_type(runtime.system(), shared), actors::user_type(runtime.system(), shared),
                       actors::presence_type(runtime.system(), shared)})
      if (const auto added = actors.add(type); !added) return added;
    return {};
  }

  net::router rows() {
    auto table = api.rows();
    table.add(net::metrics_row(config.admin.token, [this] {
      return metrics_page({.is_ready = is_ready(),
                           .connections = addresses.total(),
                           .sessions = edge.sessions.size(),
                           .actors = running_actors()},
                          *counts);
    }));
    return table;
  }

  /// A shard that fails takes no node out of service: the others would have to do without it as well.
  bool is_ready() const {
    const auto failing = static_cast<std::size_t>(std::ranges::count_if(shared.lanes, &actors::store_lane::is_failing));
    return !stopping && failing <= (config.postgres.shards.empty() ? 0 : shared.lanes.size() - 1);
  }
  std::size_t running_actors() { return runtime.system().registry().running(); }

  settings config;
  std::unique_ptr<clock> owned_clock;
  const clock& time{*owned_clock};
  net::address_counter addresses;
  net::server server{config, time};
  std::shared_ptr<persistence::log_counts> counts{std::make_shared<persistence::log_counts>()};
  stores kept;
  net::token_verifier tokens;
  actors::delivery_table deliveries;
  actors::unsettled_positions unsettled;
  actors::presence_shelf presences;
  actors::last_visits visits;
  actors::actor_runtime runtime;
  actors::directory actors;
  actors::rate_table sends;
  actors::rate_table creations;
  actors::rate_table histories;
  actors::node_context shared;
  net::accounts users;
  net::rest api;
  net::routes pages;
  net::edge edge;
  std::vector<std::string> listeners;
  std::atomic<bool> stopping{false};
};

node::node(std::unique_ptr<parts> built) : parts_{std::move(built)} {}

node::~node() { (void)stop(); }

result<std::unique_ptr<node>> node::start(settings config) {
  try {
    return build(std::move(config));
  } catch (const std::exception& why) {
    // No thread, no memory: the libraries say so by an exception.
    return fail(errc::unavailable, fmt::format("the node cannot be built: {}", why.what()));
  }
}

result<std::unique_ptr<node>> node::build(settings config) {
  if (const auto completed = complete(config); !completed) return fail(completed.error());
  std::unique_ptr<clock> time = std::make_unique<system_clock>();
  auto revoked = std::make_shared<net::revocations>();
  auto tokens = net::token_verifier::make(config.auth.jwt, *time, revoked);
  if (!tokens) return fail(tokens.error());
  std::shared_ptr<net::tls_context> tls;
  if (!config.http.tls.cert.empty()) {
    auto loaded = net::tls_context::load(config.http.tls, *time);
    if (!loaded) return fail(loaded.error());
    tls = std::move(*loaded);
  }
  net::static_files files;
  if (!config.http.web_root.empty()) {
    auto loaded = net::static_files::load(config.http.web_root);
    if (!loaded) return fail(errc::unavailable, fmt::format("http.web_root: {}", loaded.error().detail));
    files = std::move(*loaded);
  }
  auto opened = open_stores(config);
  if (!opened) return fail(opened.error());
  const auto known = opened->devices->revocations();
  if (!known) return fail(known.error());
  revoked->load(*known);

  std::unique_ptr<node> built{new node{std::make_unique<parts>(std::move(config), std::move(time), std::move(*opened),
                                                               std::move(*tokens), revoked, std::move(files))}};
  auto& own = *built->parts_;
  own.edge.tls = std::move(tls);
  if (const auto registered = own.register_actor_types(); !registered) return fail(registered.error());
  auto listeners = own.server.listen(own.edge);
  if (!listeners) return fail(listeners.error());
  own.listeners = std::move(*listeners);
  if (own.edge.tls) own.edge.tls->log_validity();
  return built;
}

result<void> node::migrate(const settings& config) {
  if (config.store.kind == "postgres") return persistence::migrate_postgres(postgres_options_of(config));
  // The others are migrated as they are opened.
  auto whole = config;
  if (const auto completed = complete(whole); !completed) return completed;
  const auto opened = open_stores(whole);
  if (!opened) return fail(opened.error());
  return {};
}

const std::vector<std::string>& node::addresses() const { return parts_->listeners; }

const std::string& node::id() const { return parts_->config.node.id; }

bool node::stop() {
  if (parts_->stopping.exchange(true)) return true;
  auto& own = *parts_;
  own.server.stop(goodbye_spread, goodbye_patience);

  const auto deadline = std::chrono::steady_clock::now() + wind_up_patience;
  const auto wait_until = [deadline](auto&& done) {
    while (!done() && std::chrono::steady_clock::now() < deadline) std::this_thread::sleep_for(milliseconds{5});
  };
  // The sessions first: they take leave of their users.
  wait_until([&] { return own.deliveries.size() == 0; });
  actors::wind_up_presences(own.shared);
  own.actors.close();
  wait_until([&] { return own.actors.size() == 0; });
  for (const auto& reader : own.shared.readers.actors()) caf::anon_send_exit(reader, caf::exit_reason::user_shutdown);
  for (const auto& lane : own.shared.lanes) caf::anon_send_exit(lane.actor(), caf::exit_reason::user_shutdown);
  // Each of them uses what is taken down next.
  wait_until([&] { return own.running_actors() == 0; });
  const auto left = own.running_actors();
  if (left > 0) spdlog::warn("{} actors did not end in time", left);
  return left == 0;
}

} // namespace parley::cluster
