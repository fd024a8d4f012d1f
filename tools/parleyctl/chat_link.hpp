/// Keeps a chat session connected: one WebSocket after another, with the pauses that the close codes ask for.

#pragma once

#include <array>
#include <memory>
#include <optional>

#include "tools/client/websocket.hpp"
#include "tools/parleyctl/chat_session.hpp"
#include "tools/parleyctl/credentials.hpp"
#include "tools/parleyctl/reconnect.hpp"

namespace parley::ctl {

class chat_link final : private client::websocket_events {
public:
  chat_link(client::server_url server, credentials& who, chat_session& session, chat_view& view);

  /// The first token and the first address; waits for both.
  [[nodiscard]] result<void> prepare();
  /// Waits for the server, for `input` (a descriptor; -1: none) or until `until`. Says whether `input` has something.
  /// An error when there is no way to go on.
  [[nodiscard]] result<bool> turn(instant until, int input = -1);
  /// Sends what is queued and says goodbye; waits a second at most.
  void close();

private:
  void opened() override {}
  void text_received(std::string_view text) override;
  void ended(const client::ending& how) override { ending_ = how; }

  [[nodiscard]] result<void> connect();
  [[nodiscard]] result<void> handle_ending(instant now);
  void keep_alive(instant now);
  void send_outgoing();
  [[nodiscard]] instant next_deadline(instant until) const;

  client::server_url server_;
  credentials& who_;
  chat_session& session_;
  chat_view& view_;
  reconnect_policy policy_;
  client::tcp_address address_;
  std::string token_;
  std::unique_ptr<client::websocket> socket_;
  std::optional<client::ending> ending_;
  std::optional<error> failure_;
  bool was_welcomed_ = false, is_back_ = true;
  instant connect_at_{}, heard_at_{}, spoke_at_{};
  std::array<char, 65536> scratch_{};
};

} // namespace parley::ctl
