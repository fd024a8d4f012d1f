/// A node that is nothing but links, for tests that kill it:
///
///   link_peer NODE INCARNATION PEER INCARNATION ADDRESS
///
/// Prints its own address, sends back what it receives, and ends when stdin does.

#include <cstdio>
#include <cstdlib>
#include <memory>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "cluster/link/peer_links.hpp"

using namespace parley::cluster::link;

int main(int count, char** words) {
  constexpr int words_wanted = 6;
  if (count != words_wanted) return 1;
  // Its log would go to stdout, where the address is waited for.
  spdlog::set_level(spdlog::level::off);
  link_options options;
  options.cluster = "test";
  options.node = words[1];
  options.incarnation = std::strtoull(words[2], nullptr, 10);
  options.listen = "127.0.0.1:0";
  std::unique_ptr<peer_links> links;
  link_handlers handlers;
  // The link stands only after `connect`, so `links` is set.
  handlers.received = [&links](const std::string& node, std::uint64_t, std::vector<std::string> envelopes) {
    // What cannot be sent back is lost: the link may have ended meanwhile.
    for (auto& one : envelopes) (void)links->send(node, std::move(one));
  };
  handlers.changed = [](const link_change&) {};
  auto started = peer_links::start(options, std::move(handlers));
  if (!started) {
    fmt::print(stderr, "link_peer: {}\n", started.error().detail);
    return 1;
  }
  links = std::move(*started);
  if (!links->connect(words[3], std::strtoull(words[4], nullptr, 10), words[5])) return 1;
  fmt::print("127.0.0.1:{}\n", links->port());
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  return links->stop(std::chrono::seconds{5}) ? 0 : 1;
}
