/// Somebody who writes without pause and never gives up: every message is repeated with its clientId until
/// acknowledged.
///
/// Each connection is one call of `write_until_end`, which may run on a thread of its own; between two calls the writer
/// is its owner's.

#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/system/running_node.hpp"

namespace parley::tests {

class writer {
public:
  struct acknowledgement {
    std::string text;
    std::string conversation;
    std::int64_t seq = 0;
    bool is_repetition = false;
  };

  /// Writes to `conversations` in turn.
  writer(std::string user, std::vector<std::string> conversations);

  /// Connects, repeats what is not acknowledged, and goes on writing until the connection ends. Counts acknowledgements
  /// in `progress`. Remembers what went wrong in `failure()`; a connection that ends is not wrong.
  void write_until_end(const running_node& node, std::atomic<int>& progress);
  /// Repeats what is not acknowledged, writes nothing new, and waits for every answer.
  void settle(const running_node& node);

  [[nodiscard]] const std::string& user() const { return user_; }
  /// By clientId.
  [[nodiscard]] const std::map<std::string, acknowledgement>& acknowledged() const { return acknowledged_; }
  [[nodiscard]] std::size_t open() const { return open_.size(); }
  [[nodiscard]] const std::string& failure() const { return failure_; }

private:
  struct message {
    std::string conversation;
    std::string text;
  };

  void write_next(client& to);
  void repeat(client& to);
  void take(const json& frame);

  std::string user_;
  std::vector<std::string> conversations_;
  std::uint64_t written_ = 0;
  /// By clientId: not acknowledged.
  std::map<std::string, message> open_;
  std::map<std::string, acknowledgement> acknowledged_;
  std::string failure_;
};

/// What `readers` see of the logs of `conversations` against what the writers were told: every seq there, everything
/// acknowledged at its place with its content, no clientId twice. Answers what is wrong, a line each.
[[nodiscard]] std::vector<std::string> differences(const running_node& node, const std::vector<writer>& writers,
                                                   const std::vector<std::string>& conversations);

} // namespace parley::tests
