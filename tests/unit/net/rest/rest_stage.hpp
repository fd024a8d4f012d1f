/// The API over stores in memory, asked without a socket. Conversations are answered by the test.

#pragma once

#include <doctest/doctest.h>

#include <future>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/auth/token_issuer.hpp"
#include "net/rest/rest.hpp"
#include "net/routes.hpp"
#include "persistence/open.hpp"
#include "tests/unit/net/http_reading.hpp"

namespace parley::tests {

using namespace parley::net;

struct rest_stage {
  struct closed_device {
    user_id user;
    device_id device;
    actors::close_code code{};
  };

  manual_clock time;
  settings config = [] {
    settings made;
    made.auth.jwt.hs256_secret = "a secret";
    made.limits.devices = 3;
    return made;
  }();
  stores kept = *persistence::open_memory();
  std::shared_ptr<revocations> revoked = std::make_shared<revocations>();
  token_verifier tokens = *token_verifier::make(config.auth.jwt, time, revoked);
  token_issuer issuer{config.auth, time};
  accounts users{config.auth, milliseconds{5'000}, kept.accounts, time};
  /// What came for the actors, and what they say.
  std::vector<actors::single_request> asked;
  result<std::string> frame = R"({"type":"ack"})";
  std::vector<closed_device> closed;
  rest_limits limits{.threads = 1, .queue = 64, .files = {.bytes_max = 1'000, .transfers = {3'000, 2'000}}};
  rest api{{.limits = config.limits,
            .time = time,
            .tokens = tokens,
            .revoked = revoked,
            .kept = kept,
            .run =
                [this](actors::single_request request) {
                  const auto then = std::move(request.then);
                  asked.push_back(std::move(request));
                  // Last: it wakes the test.
                  then(frame);
                },
            .close_device =
                [this](const user_id& user, const device_id& device, actors::close_code code, const std::string&) {
                  closed.push_back({user, device, code});
                }},
           limits};
  routes pages{config.limits, {"https://chat.example.com"}, time, users, {}, [] { return true; }, api.rows()};

  [[nodiscard]] std::string token(const std::string& user, const std::optional<device_id>& device = {}) const {
    return issuer.mint(user_id{user}, device).text;
  }

  [[nodiscard]] http_response ask(http_request request) {
    std::promise<http_response> answer;
    pages.handle(std::move(request), [&](http_response done) { answer.set_value(std::move(done)); });
    return answer.get_future().get();
  }

  /// Asks as `user`.
  [[nodiscard]] http_response ask(const std::string& user, std::string method, const std::string& target,
                                  std::string body = {}) {
    return ask({.method = std::move(method),
                .target = *parse_target(target),
                .body = std::move(body),
                .authorization = "Bearer " + token(user)});
  }
  [[nodiscard]] std::string body(const std::string& user, std::string method, const std::string& target,
                                 std::string body = {}) {
    const auto response = ask(user, std::move(method), target, std::move(body));
    CHECK(response.status == 200);
    return response.body ? *response.body : "";
  }
  void introduce(const std::string& user, const std::string& name = {}) const {
    REQUIRE(kept.accounts->ensure_exists(user_id{user}, time.now()));
    REQUIRE(kept.accounts->set_name(user_id{user}, name));
  }
};

/// The value of a text field of the answer.
inline std::string field(const http_response& response, const std::string& name) {
  const auto before = '"' + name + "\":\"";
  const auto at = response.body->find(before);
  REQUIRE(at != std::string::npos);
  const auto start = at + before.size();
  return response.body->substr(start, response.body->find('"', start) - start);
}

} // namespace parley::tests
