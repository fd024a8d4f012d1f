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
  /// The latest.
  std::optional<actors::session_opening> opening;
  std::size_t opened = 0;
  std::vector<actors::client_asked> requests;
  std::vector<actors::entries_needed> holes;
  std::size_t detached = 0;
  std::size_t attached = 0;
  bool closed = false;
};

struct device_stage {
  device_stage();
  ~device_stage();

  /// A connection whose upgrade is through; `bearer` absent: the first frame authenticates.
  void connect(net::upgrade plan);
  void connect_as(const std::string& user);
  /// A session of ann's, welcomed and synced; the ticket to it.
  net::resume_ticket go_online();
  /// A new connection of ann's that wants to go on with a session.
  void come_back(net::resume_ticket ticket);
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
  /// The latest connection.
  std::weak_ptr<net::device_connection> device;
  std::vector<std::weak_ptr<net::device_connection>> devices;
};

} // namespace parley::tests
