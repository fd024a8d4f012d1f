#include "tools/client/websocket_upgrade.hpp"

#include <array>

#include <fmt/format.h>
#include <openssl/sha.h>
#include <sodium.h>

#include "tools/client/base64.hpp"

namespace parley::client {

std::string random_upgrade_key() {
  std::string bytes(16, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  return base64(bytes);
}

std::string upgrade_accept(std::string_view key) {
  const auto text = std::string{key} + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string upgrade_text(const upgrade_request& request, std::string_view key) {
  auto text = fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {}\r\nSec-WebSocket-Protocol: parley.v1\r\n",
                          request.target, request.authority, key);
  if (!request.token.empty()) text += fmt::format("Authorization: Bearer {}\r\n", request.token);
  return text + "\r\n";
}

} // namespace parley::client
