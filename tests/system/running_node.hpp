/// A node of its own for one test, and the ways in.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/system/client.hpp"
#include "tests/system/http_client.hpp"
#include "tests/system/server_process.hpp"
#include "tests/system/token.hpp"

namespace parley::tests {

constexpr std::string_view shared_secret = "a secret of thirty-two characters";

/// Started at once. Every valid token makes its user exist, so no test registers anybody unless that is what it is
/// about.
class running_node {
public:
  explicit running_node(std::vector<std::string> settings = {});

  [[nodiscard]] const std::string& url() const { return process.url(); }
  [[nodiscard]] std::string token(const std::string& user) const;
  [[nodiscard]] http_client http() const { return http_client{url(), {.authority = authority}}; }

  /// A client whose token is in its header. `query` as in `?device=phone`.
  [[nodiscard]] client connect(const std::string& user, const std::string& query = "") const;
  /// The same, after `synced` has come; what came until then is dropped.
  [[nodiscard]] client online(const std::string& user, const std::string& query = "") const;
  /// A client that has not said yet who it is.
  [[nodiscard]] client connect_unknown(const std::string& query = "") const {
    return {url(), {.query = query, .headers = {}, .authority = authority}};
  }
  /// Makes users exist who are not connected.
  void introduce(const std::vector<std::string>& users) const;

  /// PEM file of the authority that clients trust, if the node speaks TLS.
  std::string authority;
  server_process process;
};

} // namespace parley::tests
