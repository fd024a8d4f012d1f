/// Questions to the server, each waited for, over one WebSocket that is opened for them and closed behind them.

#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <boost/json/object.hpp>

#include "tools/client/websocket.hpp"
#include "tools/parleyctl/connect_options.hpp"

namespace parley::ctl {

class client_call final : private client::websocket_events {
public:
  /// Nothing is asked after `deadline`.
  client_call(account self, instant deadline);
  client_call(const client_call&) = delete;
  client_call& operator=(const client_call&) = delete;
  /// Says goodbye; waits a second at most.
  ~client_call();

  /// The answer to `request`, without `ref`. Connects first when there is no connection yet. What the server asks to
  /// repeat is repeated; `timeout` when the deadline comes before an answer. Any other refusal, or the end of the
  /// connection, is an error.
  [[nodiscard]] result<boost::json::object> ask(boost::json::object request);

private:
  void opened() override {}
  void text_received(std::string_view text) override;
  void ended(const client::ending& how) override;

  [[nodiscard]] result<void> connect();
  /// Waits once; an error when there is nothing left to wait for.
  [[nodiscard]] result<void> turn(instant until);

  account self_;
  instant deadline_;
  std::unique_ptr<client::websocket> socket_;
  bool is_ready_ = false; // `synced` has come
  std::uint64_t last_ref_ = 0;
  std::string ref_; // of the request whose answer is waited for
  std::optional<boost::json::object> answer_;
  std::string refusal_; // the last one that may be repeated
  std::optional<error> failure_;
  std::array<char, 65536> scratch_{};
};

} // namespace parley::ctl
