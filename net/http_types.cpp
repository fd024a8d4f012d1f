#include "net/http_types.hpp"

#include <fmt/format.h>

#include <parley/encoder.hpp>

namespace parley::net {

http_response json_response(unsigned status, std::string body) {
  return {status, "application/json", std::make_shared<const std::string>(std::move(body)),
          {{"Cache-Control", "no-store"}}};
}

http_response error_response(const error& why, unsigned status) {
  auto response = json_response(status != 0 ? status : http_status(why.code), encode_error("", why));
  if (advice_for(why.code) == retry_advice::later)
    response.headers.emplace_back("Retry-After", fmt::to_string((why.retry_after.count() + 999) / 1'000));
  if (why.code == errc::unauthenticated || why.code == errc::token_expired)
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

} // namespace parley::net
