/// A device that does whatever a random number tells it, remembers all that it is told, and complains when something
/// cannot be true: a counter with a hole, an entry out of order, one entry with two contents.

#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/system/running_node.hpp"

namespace parley::tests {

/// What one entry says; for a founding entry the text is empty.
struct heard_entry {
  std::string from;
  std::string text;

  friend bool operator==(const heard_entry&, const heard_entry&) = default;
};

/// What the devices of one schedule share.
struct random_world {
  const running_node& node;
  std::vector<std::string> users;
  std::mt19937 random;
  /// The members of every conversation that anybody has heard of.
  std::map<std::string, std::set<std::string>> conversations = {};
  /// What was wrong, a sentence each.
  std::vector<std::string> problems = {};
};

class random_device {
public:
  /// Connects; so the device is known to the server before there is any conversation.
  random_device(random_world& world, std::string user, std::string device);

  /// One random thing: a message, a repetition, a position, a group, the loss of the connection, its return.
  void act();
  /// Takes in what has come.
  void listen();
  void lose_connection() { connection_.reset(); }
  /// Connects if it has to, repeats what was not acknowledged, and waits until it has heard everything.
  void catch_up();

  struct sent_message {
    std::string request;
    std::string text;
    /// By `ref`, so that a device that sends without clientId knows what was acknowledged.
    std::string conversation = "";
    std::int64_t seq = 0;
  };

  [[nodiscard]] const std::string& user() const { return user_; }
  [[nodiscard]] std::string name() const { return user_ + "/" + device_; }
  /// By conversation and seq.
  [[nodiscard]] const std::map<std::string, std::map<std::int64_t, heard_entry>>& heard() const { return heard_; }
  /// Acknowledged, by clientId.
  [[nodiscard]] const std::map<std::string, sent_message>& acknowledged() const { return acknowledged_; }
  [[nodiscard]] client& connection() { return *connection_; }

private:
  /// A request that is not answered.
  struct open_request {
    std::string client_id;
    std::string text;
    std::uint64_t number = 0;
    bool echo = true;
  };

  void connect();
  void write();
  void repeat();
  void found_group();
  void move_position();
  void take(const json& frame);
  void take_ack(const json& ack);
  void take_entry(const json& entry);
  void follow(const std::string& conversation, std::int64_t seq);
  void note(const std::string& conversation, std::int64_t seq, heard_entry what);
  /// With the frames that came before.
  void complain(const std::string& what);
  [[nodiscard]] std::size_t pick(std::size_t count);

  random_world& world_;
  std::string user_;
  std::string device_;
  std::optional<client> connection_;

  // Of this connection.
  std::int64_t last_s_ = 0;
  std::deque<std::string> recent_;
  bool is_synced_ = false;
  std::map<std::string, std::int64_t> last_seq_;
  std::map<std::string, open_request> open_;
  /// The number of the latest send that was accepted, and its seq, by conversation.
  std::map<std::string, std::pair<std::uint64_t, std::int64_t>> last_accepted_;
  /// Receipts by conversation, user and status.
  std::map<std::string, std::int64_t> last_receipt_;

  // Of the device.
  std::uint64_t written_ = 0;
  std::map<std::string, sent_message> unacknowledged_;
  std::map<std::string, sent_message> acknowledged_;
  std::map<std::string, std::map<std::int64_t, heard_entry>> heard_;
};

} // namespace parley::tests
