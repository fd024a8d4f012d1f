/// Somebody who writes on one connection without pause: what is refused for now is repeated with its clientId until it
/// is acknowledged.

#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <stop_token>
#include <string>

#include "tests/system/running_node.hpp"

namespace parley::tests {

class stubborn_writer {
public:
  /// Makes the conversation with `peer`, who must exist.
  stubborn_writer(const running_node& node, const std::string& user, const std::string& peer);

  /// Writes until it is told to stop, then until everything is acknowledged. On any one thread.
  void run(const std::stop_token& stop);

  // While it runs, from any thread.
  [[nodiscard]] int acknowledged() const { return acknowledged_; }
  [[nodiscard]] int refused() const { return refused_; }

  // When it has ended.
  /// What went wrong: the connection ended, or an answer that is no reason to try again.
  [[nodiscard]] const std::string& failure() const { return failure_; }
  /// What the log should say, by seq, against what it says; a line each.
  [[nodiscard]] std::vector<std::string> differences(const running_node& node) const;

private:
  struct message {
    std::string text;
    std::string client;
  };

  void post(const message& one);
  void take(const json& answer);

  std::string user_;
  client connection_;
  std::string conversation_;
  std::map<std::string, message> open_;
  std::map<std::int64_t, std::string> log_;
  int written_ = 0;
  std::atomic<int> acknowledged_{0};
  std::atomic<int> refused_{0};
  std::string failure_;
};

} // namespace parley::tests
