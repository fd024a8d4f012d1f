/// What an envelope costs on the way from node to node:
///
///   node_link [CERTIFICATE KEY AUTHORITY] [SECONDS]
///
/// Two processes on this machine, one link between them, plain or with TLS; envelopes of 200 bytes one way, as fast as
/// the link takes them, for SECONDS (by default 5). Prints envelopes a second and the microseconds of processor that
/// each costs on either side, all threads together.

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cluster/link/peer_links.hpp"

namespace {

using namespace parley::cluster::link;
using std::chrono::steady_clock;

double processor_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

struct side {
  std::atomic<std::uint64_t> received{0};
  std::mutex mutex;
  std::condition_variable changed;
  bool is_up = false;
  bool has_ended = false;
  std::unique_ptr<peer_links> links;

  void start(const std::string& node, const tls_files& tls) {
    link_options options;
    options.cluster = "bench";
    options.node = node;
    options.listen = "127.0.0.1:0";
    options.tls = tls;
    link_handlers handlers;
    handlers.received = [this](const std::string&, std::uint64_t, const std::vector<std::string>& envelopes) {
      received += envelopes.size();
    };
    handlers.changed = [this](const link_change& change) {
      const std::scoped_lock lock{mutex};
      is_up = change.is_up;
      has_ended = change.reason == down_reason::left && !change.is_up;
      changed.notify_all();
    };
    auto started = peer_links::start(options, std::move(handlers));
    if (!started) {
      fmt::print(stderr, "node_link: {}\n", started.error().detail);
      std::exit(1);
    }
    links = std::move(*started);
  }

  void wait_until(bool side::*what) {
    std::unique_lock lock{mutex};
    changed.wait(lock, [&] { return this->*what; });
  }
};

template <class Value> Value exchange(int socket, Value own) {
  Value theirs{};
  if (::write(socket, &own, sizeof own) != sizeof own || ::read(socket, &theirs, sizeof theirs) != sizeof theirs)
    std::exit(1);
  return theirs;
}

void meet(side& own, int socket, const std::string& other) {
  const auto port = exchange(socket, own.links->port());
  if (!own.links->connect(other, 0, fmt::format("127.0.0.1:{}", port))) std::exit(1);
  own.wait_until(&side::is_up);
}

void receive(int socket, const tls_files& tls) {
  side own;
  own.start("b", tls);
  meet(own, socket, "a");
  const auto before = processor_seconds();
  own.wait_until(&side::has_ended);
  exchange(socket, std::pair{own.received.load(), processor_seconds() - before});
}

void send(int socket, const tls_files& tls, std::chrono::duration<double> length) {
  side own;
  own.start("a", tls);
  meet(own, socket, "b");
  const std::string envelope(200, 'x');
  const auto before = processor_seconds();
  const auto begin = steady_clock::now();
  const auto end = begin + std::chrono::duration_cast<steady_clock::duration>(length);
  std::uint64_t sent = 0;
  while (steady_clock::now() < end) {
    if (own.links->send("b", envelope)) ++sent;
    // Whoever offers more than fits has to wait; how is not the link's, and spinning would be counted as its cost.
    else
      std::this_thread::sleep_for(std::chrono::microseconds{200});
  }
  while (own.links->figures().at(0).envelopes != 0) std::this_thread::sleep_for(std::chrono::milliseconds{1});
  const std::chrono::duration<double> took = steady_clock::now() - begin;
  const auto used = processor_seconds() - before;
  if (!own.links->stop(std::chrono::seconds{5})) std::exit(1);
  const auto [received, used_there] = exchange(socket, std::pair{sent, used});
  const auto count = static_cast<double>(sent);
  fmt::print("{}: {:.0f} envelopes/s, {:.2f} us to send, {:.2f} us to receive{}\n",
             tls.certificate.empty() ? "plain" : "TLS", count / took.count(), used / count * 1e6,
             used_there / count * 1e6, received == sent ? "" : fmt::format(", {} of {} ARRIVED", received, sent));
}

} // namespace

int main(int count, char** words) {
  std::vector<std::string> given{words + 1, words + count};
  tls_files tls;
  if (given.size() >= 3) {
    tls = {given[0], given[1], given[2]};
    given.erase(given.begin(), given.begin() + 3);
  }
  const std::chrono::duration<double> length{given.empty() ? 5.0 : std::strtod(given[0].c_str(), nullptr)};
  std::array<int, 2> sockets{};
  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, sockets.data()) != 0) return 1;
  // Before there are threads.
  const auto child = ::fork();
  if (child == 0) {
    receive(sockets[0], tls);
    return 0;
  }
  send(sockets[1], tls, length);
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}
