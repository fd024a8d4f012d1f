#include "net/auth/base64url.hpp"

#include <doctest/doctest.h>

using namespace parley::net;

TEST_CASE("base64url: text and back") {
  // RFC 4648, section 10, and the two characters that differ from plain base64.
  const std::pair<std::string, std::string> cases[] = {
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff", "-_8"},
  };
  for (const auto& [bytes, text] : cases) {
    CHECK(encode_base64url(bytes_of(bytes)) == text);
    CHECK(decode_base64url(text) == bytes);
  }
}

TEST_CASE("base64url: every other spelling is refused") {
  for (const auto* text : {"Zg==", "Zh", "Z", "Zm9v\n", " Zm9v", "Zm 9v", "+/8", "Zm9v.", "Zm9\xc3\xa4"}) {
    CHECK_FALSE(decode_base64url(text));
  }
  for (int byte = 0; byte < 256; ++byte) {
    const auto text = "Zm9" + std::string(1, static_cast<char>(byte));
    const auto decoded = decode_base64url(text);
    if (decoded) CHECK(encode_base64url(bytes_of(*decoded)) == text);
  }
}
