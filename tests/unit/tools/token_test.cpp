#include "tools/client/token.hpp"

#include <cstdio>
#include <fstream>

#include <doctest/doctest.h>

#include "tools/client/base64.hpp"

using namespace parley;
using namespace parley::client;

TEST_CASE("base64: the examples of RFC 4648, and the alphabet for URLs") {
  CHECK(base64("").empty());
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foobar") == "Zm9vYmFy");
  CHECK(base64("\xfb\xff\xfe") == "+//+");
  CHECK(base64url("\xfb\xff\xfe") == "-__-");
  CHECK(base64url("f") == "Zg");
}

TEST_CASE("token: header, claims and signature as another implementation makes them") {
  const auto now = from_millis(1'790'000'000'999);
  const auto token = mint_token("a secret", {.user = {"ann"}, .valid_for = std::chrono::hours{1}}, now);
  // Made with Python: hmac.new(b"a secret", b"<header>.<payload>", "sha256").
  CHECK(token == "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"
                 ".eyJzdWIiOiJhbm4iLCJpYXQiOjE3OTAwMDAwMDAsImV4cCI6MTc5MDAwMzYwMH0"
                 ".ivBs790pE37-lT3kDzr8cdULJWrJLUI2SIf5irDcn0s");
}

TEST_CASE("token: a device is a claim of its own") {
  const auto now = from_millis(1'790'000'000'000);
  const auto token = mint_token("k", {.user = {"ann"}, .device = {"phone"}}, now);
  const auto payload = base64url(R"({"sub":"ann","iat":1790000000,"exp":1790086400,"device":"phone"})");
  CHECK(token.find("." + payload + ".") != std::string::npos);
}

TEST_CASE("secret: is the first line of its file, without its end") {
  const auto* const file = "token_test.secret";
  std::ofstream{file} << "the key\r\n";
  CHECK(read_secret(file) == std::string{"the key"});
  std::ofstream{file} << "";
  CHECK(read_secret(file).error().code == errc::invalid_argument);
  std::remove(file);
  CHECK(read_secret(file).error().code == errc::not_found);
}
