#include "net/server.hpp"

#include <algorithm>
#include <future>
#include <thread>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "net/beast_types.hpp"
#include "net/edge.hpp"
#include "net/http_connection.hpp"
#include "net/io_worker.hpp"

namespace parley::net {

namespace {

using asio::ip::tcp;
using acceptor = asio::basic_socket_acceptor<tcp, io_executor>;

/// Without descriptors accepting fails at once, again and again.
constexpr milliseconds accept_pause{100};

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

/// Deadlines are watched a few times within the shortest of them.
milliseconds beat_of(const settings& config) {
  return std::clamp(config.session.heartbeat / 8, milliseconds{20}, milliseconds{250});
}

} // namespace

struct server::parts {
  explicit parts(edge& given) : shared{given} {
    for (unsigned i = 0; i < std::max(1U, shared.config.http.io_threads); ++i)
      workers.push_back(std::make_unique<io_worker>(shared.time, beat_of(shared.config)));
  }

  result<std::string> open(const std::string& where) {
    const auto [host, port] = split(where);
    error_code failed;
    const auto found = tcp::resolver{io()}.resolve(host, port, tcp::resolver::passive, failed);
    if (failed) return fail(errc::unavailable, fmt::format("http.listen {}: {}", where, failed.message()));
    const auto at = found.begin()->endpoint();
    auto opened = std::make_unique<acceptor>(io());
    opened->open(at.protocol(), failed);
    if (!failed) opened->set_option(asio::socket_base::reuse_address{true}, failed);
    if (!failed) opened->bind(at, failed);
    if (!failed) opened->listen(4'096, failed);
    if (failed) return fail(errc::unavailable, fmt::format("cannot listen on {}: {}", where, failed.message()));
    acceptors.push_back(std::move(opened));
    return shown(acceptors.back()->local_endpoint());
  }

  void accept(acceptor& from) {
    auto& worker = *workers[turn++ % workers.size()];
    from.async_accept(worker.io(), [this, &from, &worker](error_code failed, tcp_socket socket) {
      if (failed == asio::error::operation_aborted) return;
      if (failed) {
        spdlog::warn("a connection was not accepted: {}", failed.message());
        return pause_accepting(from);
      }
      error_code ignored;
      socket.set_option(tcp::no_delay{true}, ignored);
      asio::post(worker.io(), [this, &worker, socket = std::move(socket)]() mutable {
        serve_http(std::move(socket), worker, shared);
      });
      accept(from);
    });
  }

  void pause_accepting(acceptor& from) {
    auto timer = std::make_shared<asio::steady_timer>(io(), accept_pause);
    timer->async_wait([this, timer, &from](error_code stopped) {
      if (!stopped && from.is_open()) accept(from);
    });
  }

  asio::io_context& io() { return workers.front()->io(); }

  edge& shared;
  std::vector<std::unique_ptr<io_worker>> workers;
  std::vector<std::unique_ptr<acceptor>> acceptors;
  std::size_t turn = 0;
};

server::server(edge& shared) : parts_{std::make_unique<parts>(shared)} {}

server::~server() {
  for (auto& worker : parts_->workers) worker->stop();
}

result<std::vector<std::string>> server::listen() {
  std::vector<std::string> addresses;
  for (const auto& where : parts_->shared.config.http.listen) {
    auto address = parts_->open(where);
    if (!address) return fail(address.error());
    addresses.push_back(std::move(*address));
  }
  for (auto& opened : parts_->acceptors) parts_->accept(*opened);
  for (auto& worker : parts_->workers) worker->run();
  return addresses;
}

void server::stop(std::chrono::milliseconds spread, std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  asio::post(parts_->io(), [this] {
    error_code ignored;
    for (auto& opened : parts_->acceptors) opened->close(ignored);
  });
  for (auto& worker : parts_->workers)
    asio::post(worker->io(), [&worker, spread] { worker->say_goodbye(spread); });

  const auto connections = [&] {
    std::size_t open = 0;
    for (auto& worker : parts_->workers) {
      std::promise<std::size_t> count;
      auto counted = count.get_future();
      asio::post(worker->io(), [&] { count.set_value(worker->watched()); });
      open += counted.get();
    }
    return open;
  };
  while (std::chrono::steady_clock::now() < deadline && connections() > 0)
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  for (auto& worker : parts_->workers) worker->stop();
}

} // namespace parley::net
