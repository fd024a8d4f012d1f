/// What to do when the connection has ended: the close code decides, and time grows between the attempts.

#pragma once

#include <chrono>
#include <random>

#include "tools/client/websocket.hpp"

namespace parley::ctl {

enum class next_step {
  reconnect, ///< After the delay.
  renew,     ///< Get another token, then connect.
  stop,      ///< The server will not have us.
};

struct reconnect_decision {
  next_step step = next_step::stop;
  std::chrono::milliseconds delay{0};
};

class reconnect_policy {
public:
  static constexpr std::chrono::milliseconds first_delay{500}, longest_delay{30000};

  explicit reconnect_policy(std::uint32_t seed) : random_{seed} {}

  /// The server let us in: patience is back, and so is the right to renew the token.
  void welcomed();
  /// The server asked to come back after `delay`; counts for the next ending.
  void asked_to_return_after(std::chrono::milliseconds delay);
  [[nodiscard]] reconnect_decision decide(const client::ending& how);

private:
  [[nodiscard]] std::chrono::milliseconds next_delay();

  std::mt19937 random_;
  unsigned failures_ = 0;
  bool renewed_ = false;
  std::chrono::milliseconds asked_{-1};
};

} // namespace parley::ctl
