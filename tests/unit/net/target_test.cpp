#include "net/target.hpp"

#include <doctest/doctest.h>

using namespace parley::net;

TEST_CASE("target: the path is decoded") {
  CHECK(parse_target("/")->path == "/");
  CHECK(parse_target("/v1/users/ann%40example.com")->path == "/v1/users/ann@example.com");
  CHECK(parse_target("/a%20b+c")->path == "/a b+c");
  CHECK(parse_target("/%E4%bd%a0")->path == "/\xe4\xbd\xa0");
}

TEST_CASE("target: parameters are decoded, and a plus is a space") {
  const auto target = parse_target("/connect?token=a%2Bb.c&device=my+phone&empty=&flag");
  REQUIRE(target);
  CHECK(target->path == "/connect");
  CHECK(target->parameter("token") == "a+b.c");
  CHECK(target->parameter("device") == "my phone");
  CHECK(target->parameter("empty") == "");
  CHECK(target->parameter("flag") == "");
  CHECK(target->parameter("absent") == std::nullopt);
}

TEST_CASE("target: of a parameter given twice the first counts") {
  CHECK(parse_target("/?a=1&a=2")->parameter("a") == "1");
  CHECK(parse_target("/?%61=1&a=2")->parameter("a") == "1");
}

TEST_CASE("target: stray separators do no harm") {
  const auto target = parse_target("/p?&&=v&a=b=c&");
  REQUIRE(target);
  CHECK(target->parameter("a") == "b=c");
  CHECK(target->parameter("") == "");
  CHECK(parse_target("/p?")->query.empty());
  CHECK(parse_target("/p?a?b=1")->parameter("a?b") == "1");
}

TEST_CASE("target: what does not begin with a slash is refused") {
  for (const std::string_view text : {"", "*", "v1/me", "http://host/v1/me", "?a=1", "host:80"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_target(text));
  }
}

TEST_CASE("target: broken escapes are refused, in the path and behind it") {
  for (const std::string_view text : {"/%", "/%4", "/%zz", "/%4g", "/a?b=%", "/a?%1=b", "/a?b=%f", "/%-1"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_target(text));
  }
}

TEST_CASE("target: a path that leads upwards, or hides a NUL, is refused") {
  for (const std::string_view text :
       {"/..", "/../etc/passwd", "/a/../../b", "/a/..", "/%2e%2e/b", "/a%2f..%2fb", "/a%00b"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_target(text));
  }
  CHECK(parse_target("/..a/b../...")->path == "/..a/b../...");
  CHECK(parse_target("/a?b=../c")->parameter("b") == "../c");
}
