#include "tests/system/token.hpp"

#include <fmt/format.h>

#include "tests/system/json.hpp"

namespace parley::tests {

namespace {

std::string header_of(std::string_view algorithm) { return fmt::format(R"({{"alg":"{}","typ":"JWT"}})", algorithm); }

} // namespace

std::string token_content::payload() const {
  std::string text = fmt::format(R"({{"sub":{})", quoted(user));
  if (!device.empty()) text += fmt::format(R"(,"device":{})", quoted(device));
  if (!issuer.empty()) text += fmt::format(R"(,"iss":{})", quoted(issuer));
  if (!audience.empty()) text += fmt::format(R"(,"aud":{})", quoted(audience));
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  if (lifetime)
    text += fmt::format(R"(,"exp":{})", std::chrono::duration_cast<std::chrono::seconds>(now + *lifetime).count());
  return text + "}";
}

std::string hs256_token(const token_content& content, std::string_view secret) {
  return testing::token_of(header_of("HS256"), content.payload(), secret);
}

std::string signed_token(const token_content& content, std::string_view algorithm, const signing_key& key) {
  return testing::token_of(header_of(algorithm), content.payload(), key);
}

std::string unsigned_token(const token_content& content) {
  return testing::unsigned_text(header_of("none"), content.payload()) + ".";
}

std::string tampered(const std::string& token, const token_content& content) {
  const auto forged = testing::unsigned_text(header_of("HS256"), content.payload());
  return forged + token.substr(token.rfind('.'));
}

} // namespace parley::tests
