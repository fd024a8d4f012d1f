#include "net/auth/account_rules.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace parley;
using namespace parley::net;

namespace {

std::string times(int count, std::string_view text) {
  std::string all;
  while (count-- > 0) all += text;
  return all;
}

} // namespace

TEST_CASE("account rules: a password has 8 to 128 characters, however many bytes these take") {
  CHECK(check_password("12345678"));
  CHECK(check_password(times(8, "ä")));
  CHECK(check_password(times(128, "x")));
  CHECK(check_password(times(128, "😀")));
  for (const auto& password : {times(7, "x"), times(7, "😀"), times(129, "x"), times(129, "😀"), std::string{}}) {
    const auto checked = check_password(password);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().code == errc::invalid_argument);
    CHECK(checked.error().field == "password");
  }
}

TEST_CASE("account rules: a password is Unicode text") {
  for (const auto* bad :
       {"\xff", "\x80", "\xc0\xaf", "\xc3", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe0\x80\x80", "\xf0\x9f\x98"}) {
    CHECK_FALSE(check_password("12345678" + std::string{bad}));
  }
  CHECK_FALSE(check_password("12345678" + std::string(1, '\0')));
}

TEST_CASE("account rules: a name has at most 128 characters and no control characters") {
  CHECK(check_display_name(""));
  CHECK(check_display_name("Zoë 😀"));
  CHECK(check_display_name(times(128, "x")));
  CHECK(check_display_name(times(128, "😀")));
  for (const auto& name : {times(129, "x"), times(129, "😀"), std::string{"a\nb"}, std::string{"\x7f"},
                           std::string{"\xc2\x85"}, std::string{"\xff"}, std::string(1, '\0')}) {
    const auto checked = check_display_name(name);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().field == "name");
  }
}
