#include "net/server.hpp"

#include "net/beast_types.hpp"
#include "net/edge.hpp"
#include "net/http_connection.hpp"
#include "net/io_worker.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <algorithm>
#include <thread>

namespace parley::net {

namespace {

using asio::ip::tcp;
using acceptor = asio::basic_socket_acceptor<tcp, io_executor>;

/// Without descriptors accepting fails at once, again and again.
constexpr milliseconds accept_pause{100};
/// Whatever keeps connections from being accepted is logged this often.
constexpr milliseconds refusal_log_pause{10'000};
/// Descriptors that are left to the database and to everything else.
constexpr int descriptors_reserved = 64;

struct host_and_port {
  std::string host;
  std::string port;
};

host_and_port split(const std::string& listen) {
  const auto colon = listen.rfind(':');
  auto host = listen.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return {host, listen.substr(colon + 1)};
}

std::string shown(const tcp::endpoint& at) {
  const auto host = at.address().to_string();
  return at.address().is_v6() ? fmt::format("[{}]:{}", host, at.port()) : fmt::format("{}:{}", host, at.port());
}

error_code bind_and_listen(acceptor& opened, const tcp::endpoint& at) {
  error_code failed;
  opened.open(at.protocol(), failed);
  if (!failed) opened.set_option(asio::socket_base::reuse_address{true}, failed);
  if (!failed) opened.bind(at, failed);
  if (!failed) opened.listen(4'096, failed);
  return failed;
}

/// Deadlines are watched a few times within the shortest of them.
milliseconds beat_of(const settings& config) {
  auto shortest = std::min({config.session.heartbeat / 2, config.http.handshake_timeout, config.limits.lag_timeout});
  if (config.session.resume.count() > 0) shortest = std::min(shortest, config.session.resume);
  return std::clamp(shortest / 4, milliseconds{20}, milliseconds{500});
}

/// The system gives out the lowest free descriptor, so one as high as this says that few are left.
int descriptor_max() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > 1'000'000'000) return 1'000'000'000;
  return std::max(static_cast<int>(limit.rlim_cur) - descriptors_reserved, static_cast<int>(limit.rlim_cur / 2));
}

} // namespace

struct server::parts {
  parts(const settings& given, const clock& clock) : config{given}, time{clock} {
    for (unsigned i = 0; i < std::max(1U, config.http.io_threads); ++i)
      workers.push_back(std::make_unique<io_worker>(time, beat_of(config)));
  }

  result<std::string> open(const std::string& where) {
    const auto [host, port] = split(where);
    error_code failed;
    const auto found = tcp::resolver{io()}.resolve(host, port, tcp::resolver::passive, failed);
    if (failed) return fail(errc::unavailable, fmt::format("http.listen {}: {}", where, failed.message()));
    // A name may have an address of a family that this machine does not speak.
    for (const auto& candidate : found) {
      auto opened = std::make_unique<acceptor>(io());
      failed = bind_and_listen(*opened, candidate.endpoint());
      if (failed == asio::error::address_in_use) break;
      if (failed) continue;
      acceptors.push_back(std::move(opened));
      return shown(acceptors.back()->local_endpoint());
    }
    return fail(errc::unavailable, fmt::format("cannot listen on {}: {}", where, failed.message()));
  }

  void accept(acceptor& from) {
    auto& worker = *workers[turn++ % workers.size()];
    from.async_accept(worker.io(), [this, &from, &worker](error_code failed, tcp_socket socket) {
      if (failed == asio::error::operation_aborted) return;
      if (failed) {
        log_refusal(failed.message());
        return pause_accepting(from);
      }
      if (socket.native_handle() < descriptors)
        welcome(std::move(socket), worker);
      else
        log_refusal("too few file descriptors are left");
      accept(from);
    });
  }

  void welcome(tcp_socket socket, io_worker& worker) {
    error_code ignored;
    socket.set_option(tcp::no_delay{true}, ignored);
    asio::post(worker.io(), [this, &worker, socket = std::move(socket)]() mutable {
      serve_http(std::move(socket), worker, *shared);
    });
  }

  void pause_accepting(acceptor& from) {
    auto timer = std::make_shared<asio::steady_timer>(io(), accept_pause);
    timer->async_wait([this, timer, &from](error_code stopped) {
      if (!stopped && from.is_open()) accept(from);
    });
  }

  void log_refusal(std::string_view why) {
    const auto now = time.steady();
    if (refused_at && now - *refused_at < refusal_log_pause) return;
    refused_at = now;
    spdlog::warn("connections are not accepted: {}", why);
  }

  asio::io_context& io() { return workers.front()->io(); }

  [[nodiscard]] std::size_t connections() const {
    std::size_t open = 0;
    for (const auto& worker : workers) open += worker->watched();
    return open;
  }

  const settings& config;
  const clock& time;
  const int descriptors = descriptor_max();
  edge* shared = nullptr;
  std::vector<std::unique_ptr<io_worker>> workers;
  std::vector<std::unique_ptr<acceptor>> acceptors;
  std::size_t turn = 0;
  std::optional<instant> refused_at;
};

server::server(const settings& config, const clock& time) : parts_{std::make_unique<parts>(config, time)} {}

server::~server() {
  for (auto& worker : parts_->workers) worker->stop();
}

result<std::vector<std::string>> server::listen(edge& shared) {
  std::vector<std::string> addresses;
  for (const auto& where : parts_->config.http.listen) {
    auto address = parts_->open(where);
    if (!address) return fail(address.error());
    addresses.push_back(std::move(*address));
  }
  parts_->shared = &shared;
  for (auto& opened : parts_->acceptors) parts_->accept(*opened);
  for (auto& worker : parts_->workers) worker->run();
  return addresses;
}

void server::stop(std::chrono::milliseconds spread, std::chrono::milliseconds patience) {
  if (!parts_->shared) return;
  const auto deadline = std::chrono::steady_clock::now() + patience;
  parts_->shared->sessions.stop();
  asio::post(parts_->io(), [this] {
    error_code ignored;
    for (auto& opened : parts_->acceptors) opened->close(ignored);
  });
  for (auto& worker : parts_->workers) worker->post([&worker, spread] { worker->say_goodbye(spread); });
  while (std::chrono::steady_clock::now() < deadline && parts_->connections() > 0)
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  for (auto& worker : parts_->workers) worker->stop();
  // Those that were on their way from one worker to another.
  parts_->shared->sessions.end_all();
}

} // namespace parley::net
