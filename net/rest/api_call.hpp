/// One request of the API on its way from the connection to who answers it.

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/auth/claims.hpp"
#include "net/http_types.hpp"

namespace parley::net {

struct api_call {
  http_request request;
  /// What stands in the path for the braces of the row.
  std::vector<std::string> names;
  /// Who asks; nobody where no token is needed.
  claims bearer;
};

/// Answers at once or later, on any thread, exactly once. Does not wait.
using api_handler = std::function<void(std::shared_ptr<api_call>, http_answer)>;

} // namespace parley::net
