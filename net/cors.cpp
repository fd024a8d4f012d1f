#include "net/cors.hpp"

namespace parley::net {

void open_to_origin(http_response& response, const std::string& origin) {
  response.headers.emplace_back("Access-Control-Allow-Origin", origin);
  for (auto& [name, value] : response.headers)
    if (name == "Vary") return void(value += ", Origin");
  response.headers.emplace_back("Vary", "Origin");
}

http_response preflight_response() {
  return {204,
          {},
          nullptr,
          {{"Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE"},
           {"Access-Control-Allow-Headers", "Authorization, Content-Type"},
           {"Access-Control-Max-Age", "600"}}};
}

} // namespace parley::net
