#include "tools/client/token.hpp"

#include <array>
#include <fstream>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "tools/client/base64.hpp"

namespace parley::client {

namespace {

std::string hmac_sha256(std::string_view key, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), digest.data(), &length);
  return {reinterpret_cast<const char*>(digest.data()), length};
}

} // namespace

std::string mint_token(std::string_view secret, const token_claims& claims, timestamp now) {
  const auto issued = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch();
  // Ids hold no character that JSON would have to escape.
  const auto device = claims.device.value.empty() ? "" : fmt::format(R"(,"device":"{}")", claims.device.value);
  const auto payload = fmt::format(R"({{"sub":"{}","iat":{},"exp":{}{}}})", claims.user.value, issued.count(),
                                   (issued + claims.valid_for).count(), device);
  const auto text = base64url(R"({"alg":"HS256","typ":"JWT"})") + '.' + base64url(payload);
  return text + '.' + base64url(hmac_sha256(secret, text));
}

result<std::string> read_secret(const std::string& file) {
  std::ifstream stream{file};
  std::string line;
  if (!stream) return fail(errc::not_found, fmt::format("{}: cannot be read", file));
  std::getline(stream, line);
  if (line.ends_with('\r')) line.pop_back();
  if (line.empty()) return fail(errc::invalid_argument, fmt::format("{}: is empty", file));
  return line;
}

} // namespace parley::client
