#include "cluster/link/peer_links.hpp"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <utility>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/network/default_multiplexer.hpp>
#include <caf/openssl/manager.hpp>
#include <caf/send.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "cluster/link/address.hpp"
#include "cluster/link/delivery.hpp"
#include "cluster/link/mesh.hpp"
#include "cluster/link/tls_files.hpp"
#include "cluster/link/tls_transport.hpp"

namespace parley::cluster::link {

namespace {

struct links_config : caf::actor_system_config {
  explicit links_config(const tls_files& tls) {
    // The handlers run one after the other.
    set("scheduler.max-threads", std::size_t{1});
    set("scheduler.max-throughput", std::size_t{64});
    // The default polls for milliseconds after every wake-up, which burns a core on a quiet node.
    set("work-stealing.aggressive-poll-attempts", std::size_t{20});
    set("work-stealing.moderate-poll-attempts", std::size_t{1});
    load<caf::io::middleman>();
    if (tls.certificate.empty()) return;
    load<caf::openssl::manager>();
    openssl_certificate = tls.certificate;
    openssl_key = tls.key;
    openssl_cafile = tls.authority;
  }
};

/// Counts the actors that have not ended.
class ends {
public:
  void expect_one_of(const std::shared_ptr<ends>& self, const caf::actor& whom) {
    {
      const std::scoped_lock lock{mutex_};
      ++left_;
    }
    whom->attach_functor([self](const caf::error&) {
      const std::scoped_lock lock{self->mutex_};
      --self->left_;
      self->changed_.notify_all();
    });
  }

  [[nodiscard]] bool wait_for(std::size_t left, std::chrono::steady_clock::time_point until) {
    std::unique_lock lock{mutex_};
    return changed_.wait_until(lock, until, [&] { return left_ <= left; });
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t left_ = 0;
};

result<void> check_names(const link_options& options) {
  if (options.cluster.empty()) return fail(errc::invalid_argument, "the cluster has no name", "cluster.name");
  if (options.node.empty()) return fail(errc::invalid_argument, "the node has no id", "node.id");
  if (options.bounds.envelope_bytes_max > options.bounds.bytes_max)
    return fail(errc::invalid_argument, "an envelope may be longer than all together");
  if (options.bounds.heartbeat <= std::chrono::milliseconds{0} || options.bounds.timeout <= options.bounds.heartbeat)
    return fail(errc::invalid_argument, "without heartbeats, or with none in time, no hanging peer would be noticed");
  return {};
}

/// Whether there is TLS, and that there is where it has to be.
result<void> check_tls(const link_options& options, const host_port& listen) {
  const auto& [certificate, key, authority] = options.tls;
  if (certificate.empty() && key.empty() && authority.empty()) {
    if (is_loopback(listen.host)) return {};
    return fail(
        errc::invalid_argument,
        fmt::format("cluster.listen {} can be reached from other machines: set cluster.certificate, cluster.key "
                    "and cluster.authority, or listen on 127.0.0.1",
                    options.listen),
        "cluster.listen");
  }
  if (certificate.empty()) return fail(errc::invalid_argument, "cluster.certificate is missing", "cluster.certificate");
  if (key.empty()) return fail(errc::invalid_argument, "cluster.key is missing", "cluster.key");
  if (authority.empty()) return fail(errc::invalid_argument, "cluster.authority is missing", "cluster.authority");
  return check_tls_files(options.tls);
}

result<caf::io::doorman_ptr> open_door(caf::actor_system& system, const host_port& where, bool with_tls) {
  const auto socket = caf::io::network::new_tcp_acceptor_impl(where.port, where.host.c_str(), true);
  if (!socket)
    return fail(errc::invalid_argument,
                fmt::format("cluster.listen: no listening on {}, port {}", where.host, where.port), "cluster.listen");
  if (with_tls) return tls_doorman(system, *socket);
  return system.middleman().backend().new_doorman(*socket);
}

} // namespace

std::string_view to_string(down_reason why) {
  switch (why) {
  case down_reason::refused: return "refused";
  case down_reason::timed_out: return "timed_out";
  case down_reason::unreachable: return "unreachable";
  case down_reason::left: return "left";
  case down_reason::replaced: return "replaced";
  case down_reason::forgotten: return "forgotten";
  case down_reason::misbehaved: return "misbehaved";
  case down_reason::rejected: return "rejected";
  }
  return "unknown";
}

struct peer_links::parts {
  explicit parts(const link_options& options)
      : node{options.node}, has_tls{!options.tls.certificate.empty()}, config{options.tls}, system{config} {}

  const std::string node;
  const bool has_tls;
  links_config config;
  caf::actor_system system;
  const std::shared_ptr<link_table> links = std::make_shared<link_table>();
  const std::shared_ptr<std::atomic<std::uint64_t>> view = std::make_shared<std::atomic<std::uint64_t>>(0);
  const std::shared_ptr<ends> running = std::make_shared<ends>();
  std::uint16_t port = 0;
  caf::actor delivering;
  caf::actor meshing;
};

peer_links::peer_links(std::unique_ptr<parts> all) : parts_{std::move(all)} {}

result<std::unique_ptr<peer_links>> peer_links::start(link_options options, link_handlers handlers) {
  if (const auto good = check_names(options); !good) return fail(good.error());
  const auto listen = split_address(options.listen);
  if (!listen) return fail(errc::invalid_argument, "cluster.listen: " + listen.error().detail, "cluster.listen");
  if (const auto good = check_tls(options, *listen); !good) return fail(good.error());
  try {
    auto all = std::make_unique<parts>(options);
    auto door = open_door(all->system, *listen, all->has_tls);
    if (!door) return fail(door.error());
    all->port = (*door)->port();
    all->delivering = all->system.spawn(delivery, std::move(handlers));
    all->running->expect_one_of(all->running, all->delivering);
    all->meshing = all->system.middleman().spawn_broker(mesh_behavior, mesh_needs{.options = std::move(options),
                                                                                  .door = std::move(*door),
                                                                                  .delivery = all->delivering,
                                                                                  .links = all->links,
                                                                                  .view = all->view});
    all->running->expect_one_of(all->running, all->meshing);
    return std::unique_ptr<peer_links>{new peer_links{std::move(all)}};
  } catch (const std::exception& trouble) {
    return fail(errc::internal, fmt::format("CAF does not start: {}", trouble.what()));
  }
}

peer_links::~peer_links() {
  if (const auto stopped = stop(std::chrono::seconds{2}); !stopped) spdlog::warn("{}", stopped.error().detail);
}

std::uint16_t peer_links::port() const { return parts_->port; }

result<void> peer_links::connect(const std::string& node, std::uint64_t incarnation, const std::string& address) {
  const auto where = split_address(address);
  if (!where) return fail(where.error());
  if (node.empty() || node == parts_->node)
    return fail(errc::invalid_argument, fmt::format("'{}' is no other node than {}", node, parts_->node));
  if (!parts_->has_tls && !is_loopback(where->host))
    return fail(errc::invalid_argument,
                fmt::format("node {} at {} is on another machine: set cluster.certificate, cluster.key and "
                            "cluster.authority",
                            node, address));
  caf::anon_send(parts_->meshing, expect_peer{node, incarnation, address});
  return {};
}

void peer_links::forget(const std::string& node) { caf::anon_send(parts_->meshing, forget_peer{node}); }

result<void> peer_links::send(const std::string& node, std::string envelope) {
  const auto size = envelope.size();
  const auto link = parts_->links->find(node);
  const auto outcome = link.box ? link.box->push(std::move(envelope)) : push_outcome::closed;
  switch (outcome) {
  case push_outcome::queued_first: caf::anon_send(parts_->meshing, drain_outbox{link.number}); return {};
  case push_outcome::queued: return {};
  case push_outcome::full:
    return fail(errc::overloaded, fmt::format("node {} does not keep up with what is sent to it", node));
  case push_outcome::too_large:
    return fail(errc::too_large, fmt::format("an envelope of {} bytes for node {}", size, node));
  case push_outcome::closed: break;
  }
  return fail(errc::unavailable, fmt::format("there is no link to node {}", node));
}

void peer_links::set_view(std::uint64_t version) { parts_->view->store(version); }

std::vector<link_figures> peer_links::figures() const { return parts_->links->figures(); }

result<void> peer_links::stop(std::chrono::milliseconds deadline) {
  const auto until = std::chrono::steady_clock::now() + deadline;
  caf::anon_send(parts_->meshing, leave_mesh{});
  // The mesh first: what it has said to the handlers is said.
  if (!parts_->running->wait_for(1, until)) return fail(errc::timeout, "the links did not end in time");
  caf::anon_send(parts_->delivering, end_delivery{});
  if (!parts_->running->wait_for(0, until)) return fail(errc::timeout, "a handler of the links did not return in time");
  return {};
}

} // namespace parley::cluster::link
