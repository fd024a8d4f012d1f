// What comes in with HTTP: request targets, headers of an upgrade, bodies of the API.
//
// The input is cut at line ends: target, `Authorization`, `Origin`, `Host`, three headers of WebSocket, and the body.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <parley/codec.hpp>
#include <parley/poll_body.hpp>
#include <parley/rest_codec.hpp>

#include "net/target.hpp"
#include "net/upgrade.hpp"

namespace {

using namespace parley;

std::string take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  std::string line{text.substr(0, end)};
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

const net::token_verifier& verifier() {
  static const system_clock time;
  static const auto made = net::token_verifier::make(
      {.hs256_secret = "a secret that no fuzzer can guess!", .public_key = {}, .issuer = {}, .audience = {}}, time);
  if (!made) std::abort();
  return *made;
}

void try_upgrade(std::string_view& text) {
  const auto target = net::parse_target(take_line(text));
  net::upgrade_headers headers;
  for (auto* header :
       {&headers.authorization, &headers.origin, &headers.host, &headers.subprotocol, &headers.version, &headers.key})
    *header = take_line(text);
  (void)net::refuse_handshake(headers);
  if (!target) return;
  const auto decided = net::decide_upgrade(*target, headers, verifier(), {"https://chat.example"});
  // Nobody signed a token.
  if (decided && decided->bearer) std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text{reinterpret_cast<const char*>(data), size};
  try_upgrade(text);
  (void)decode_send(text, conversation_id{}, {});
  (void)decode_poll(text, 32);
  (void)decode_profile(text);
  (void)decode_device_update(text);
  (void)decode_credentials(text);
  (void)decode_refresh(text);
  return 0;
}
