#include "net/origin.hpp"

#include <doctest/doctest.h>

using parley::net::is_origin_allowed;

namespace {

const std::vector<std::string> listed{"https://chat.example.com", "http://localhost:5173"};

} // namespace

TEST_CASE("origin: a client that is no browser page may connect") {
  CHECK(is_origin_allowed("", "chat.local", listed));
  CHECK(is_origin_allowed("", "", {}));
}

TEST_CASE("origin: a page of the node itself may connect, over either scheme") {
  CHECK(is_origin_allowed("http://chat.local:8080", "chat.local:8080", {}));
  CHECK(is_origin_allowed("https://chat.local", "chat.local", {}));
  CHECK(is_origin_allowed("https://Chat.Local", "chat.local", {}));
}

TEST_CASE("origin: a page on the list may connect") {
  CHECK(is_origin_allowed("https://chat.example.com", "10.0.0.1", listed));
  CHECK(is_origin_allowed("HTTPS://CHAT.example.com", "10.0.0.1", listed));
}

TEST_CASE("origin: everything else may not") {
  for (const std::string_view origin :
       {"https://evil.example", "http://chat.example.com", "https://chat.example.com:444",
        "https://chat.example.com.evil", "https://evil.chat.example.com", "https://chat.example.com/", "null",
        "chat.example.com", "file://", " "}) {
    CAPTURE(origin);
    CHECK_FALSE(is_origin_allowed(origin, "chat.local", listed));
  }
}

TEST_CASE("origin: part of the host is not the host") {
  CHECK_FALSE(is_origin_allowed("http://chat", "chat.local", {}));
  CHECK_FALSE(is_origin_allowed("http://chat.local", "chat.local:8080", {}));
  CHECK_FALSE(is_origin_allowed("http://chat.local:8080", "chat.local", {}));
  CHECK_FALSE(is_origin_allowed("ftp://chat.local", "chat.local", {}));
}

TEST_CASE("origin: without a host nothing is the same origin") {
  CHECK_FALSE(is_origin_allowed("http://", "", {}));
  CHECK_FALSE(is_origin_allowed("https://", "", {}));
}
