/// What the node answers over plain HTTP: the API, health, metrics, the web client.

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <parley/clock.hpp>
#include <parley/settings.hpp>

#include "net/auth/accounts.hpp"
#include "net/http_types.hpp"
#include "net/rest/account_routes.hpp"
#include "net/rest/router.hpp"
#include "net/static_files.hpp"

namespace parley::net {

/// Any thread. What it is given outlives it.
class routes {
public:
  /// `origins` are the browser origins that may call beside the node's own; `rows` are those of the API beside the
  /// accounts, and of `/metrics`.
  routes(const limit_settings& limits, std::vector<std::string> origins, const clock& time, accounts& users,
         static_files files, std::function<bool()> is_ready, router rows = {});

  /// Answers through `answer`, perhaps later and on another thread. Nothing here blocks.
  void handle(http_request request, http_answer answer);

  /// How much is read of the body of a request, or what is answered instead. Only the header has come, and `length` if
  /// it says so.
  [[nodiscard]] tl::expected<body_room, http_response> room_for_body(const http_request& head,
                                                                     std::optional<std::uint64_t> length) const;

private:
  [[nodiscard]] http_response serve_file(const http_request& request) const;

  std::vector<std::string> origins_;
  static_files files_;
  std::function<bool()> is_ready_;
  account_routes accounts_;
  router api_;
};

} // namespace parley::net
