/// A device's connection between a socket and a session that a test plays itself, on a clock that it sets.

#pragma once

#include "net/auth/accounts.hpp"
#include "net/auth/token_issuer.hpp"
#include "net/device_connection.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace parley::tests {

class played_socket final : public net::frame_socket {
public:
  /// The connection asked for a frame and got none yet.
  bool is_reading = false;
  /// What was written, since `take`.
  std::vector<std::string> sent;
  bool is_stuck = false;
  std::optional<actors::close_code> closed;
  std::string close_reason;
  /// Closed without waiting for what is queued.
  bool closed_now = false;
  bool dropped = false;

  void read() override { is_reading = true; }
  void put(net::outgoing_frame frame) override { sent.push_back(*frame.body + frame.suffix); }
  [[nodiscard]] bool is_full() const override { return is_stuck; }
  void close(actors::close_code code, std::string_view reason) override;
  void close_now(actors::close_code code, std::string_view reason) override;
  void drop() override { dropped = true; }

  std::vector<std::string> take() { return std::exchange(sent, {}); }
};

/// What the connection asked of its session.
struct asked_session {
  std::optional<actors::session_opening> opening;
  std::vector<actors::client_asked> requests;
  std::vector<actors::entries_needed> holes;
  bool closed = false;
};

struct device_stage {
  device_stage();
  ~device_stage();

  /// A connection whose upgrade is through; `bearer` absent: the first frame authenticates.
  void connect(net::upgrade plan);
  void connect_as(const std::string& user);
  /// The client sends `text`, if the connection reads.
  void say(std::string_view text);
  /// The worker's thread does what was posted to it.
  void run_posted();
  void pass(milliseconds time);
  [[nodiscard]] std::string token_of(const std::string& user, std::optional<device_id> device = {}) const;
  [[nodiscard]] actors::client_link& link() const { return *session.opening->link; }

  manual_clock time;
  settings config;
  net::token_issuer issuer;
  net::token_verifier tokens;
  net::accounts users;
  net::routes pages;
  net::address_counter addresses;
  asked_session session;
  net::edge edge;
  net::io_worker worker;
  std::shared_ptr<played_socket> socket = std::make_shared<played_socket>();
  std::weak_ptr<net::device_connection> device;
};

} // namespace parley::tests
