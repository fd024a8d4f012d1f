/// Registration, log-in and fresh tokens: the rows that need no token.

#pragma once

#include <parley/clock.hpp>
#include <parley/settings.hpp>

#include "actors/rate_table.hpp"
#include "net/auth/accounts.hpp"
#include "net/rest/router.hpp"

namespace parley::net {

/// Any thread. `time` and `users` outlive it, and it outlives the rows.
class account_routes {
public:
  account_routes(const limit_settings& limits, const clock& time, accounts& users);

  void add_to(router& table);

private:
  void register_user(const api_call& call, http_answer answer);
  void log_in(const api_call& call, http_answer answer);
  void refresh(const api_call& call, http_answer answer);

  const clock& time_;
  accounts& users_;
  actors::rate_table logins_;
  actors::rate_table registrations_;
};

} // namespace parley::net
