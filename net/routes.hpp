/// What the node answers over plain HTTP: accounts, health, the web client.

#pragma once

#include <functional>
#include <string>
#include <vector>

#include <parley/clock.hpp>
#include <parley/settings.hpp>

#include "actors/rate_table.hpp"
#include "net/auth/accounts.hpp"
#include "net/http_types.hpp"
#include "net/static_files.hpp"

namespace parley::net {

/// Any thread. What it is given outlives it.
class routes {
public:
  /// `origins` are the browser origins that may call beside the node's own.
  routes(const limit_settings& limits, std::vector<std::string> origins, const clock& time, accounts& users,
         static_files files, std::function<bool()> is_ready);

  /// Answers through `answer`, perhaps later and on another thread. Nothing here blocks.
  void handle(const http_request& request, http_answer answer);

private:
  void answer_api(const http_request& request, http_answer answer);
  void handle_register(const http_request& request, http_answer answer);
  void handle_login(const http_request& request, http_answer answer);
  void handle_token(const http_request& request, http_answer answer);
  [[nodiscard]] http_response serve_file(const http_request& request) const;

  std::vector<std::string> origins_;
  const clock& time_;
  accounts& users_;
  static_files files_;
  std::function<bool()> is_ready_;
  actors::rate_table logins_;
  actors::rate_table registrations_;
};

} // namespace parley::net
