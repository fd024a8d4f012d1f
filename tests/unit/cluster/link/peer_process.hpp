/// `link_peer` as a process.

#pragma once

#include <cstdint>
#include <string>

#include <sys/types.h>

#include "tests/unit/cluster/link/test_node.hpp"

namespace parley::tests {

class peer_process {
public:
  /// Knows `other`, and runs when this returns.
  peer_process(const std::string& node, std::uint64_t incarnation, const test_node& other);
  /// Kills what is left of it.
  ~peer_process();
  peer_process(const peer_process&) = delete;
  peer_process& operator=(const peer_process&) = delete;

  [[nodiscard]] const std::string& address() const { return address_; }

  void send(int signal) const;
  /// Ends its stdin and waits. Gives its exit code.
  [[nodiscard]] int end();

private:
  pid_t process_ = -1;
  int input_ = -1;
  std::string address_;
};

} // namespace parley::tests
