#include "net/api_door.hpp"

#include "net/cors.hpp"
#include "net/origin.hpp"

namespace parley::net {

std::optional<http_answer> enter_api(const http_request& request, const std::vector<std::string>& origins,
                                     http_answer answer) {
  // The rule of `/connect`: a page elsewhere does not use its visitors' browsers to register or to guess passwords.
  if (!is_origin_allowed(request.origin, request.host, origins)) {
    answer(error_response({errc::forbidden, "this origin may not call", "origin", {}}));
    return std::nullopt;
  }
  if (!request.origin.empty()) {
    answer = [answer = std::move(answer), origin = request.origin](http_response response) {
      open_to_origin(response, origin);
      answer(std::move(response));
    };
  }
  if (request.method == "OPTIONS") {
    answer(preflight_response());
    return std::nullopt;
  }
  return answer;
}

} // namespace parley::net
