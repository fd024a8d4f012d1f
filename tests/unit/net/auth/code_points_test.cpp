#include "net/auth/code_points.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace parley::net;

TEST_CASE("code points: text is taken apart one by one") {
  std::string_view rest = "aé€😀";
  std::vector<char32_t> points;
  while (!rest.empty()) points.push_back(*take_code_point(rest));
  CHECK(points == std::vector<char32_t>{U'a', U'é', U'€', U'😀'});
}

TEST_CASE("code points: what is not well-formed is not taken") {
  for (const std::string text : {"\x80", "\xc0\xaf", "\xc3", "\xe2\x82", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff"}) {
    std::string_view rest = text;
    CHECK_FALSE(take_code_point(rest));
    CHECK(rest == text);
  }
}

TEST_CASE("code points: controls are told from what is seen") {
  CHECK(is_control(0));
  CHECK(is_control(U'\n'));
  CHECK(is_control(0x7f));
  CHECK(is_control(0x9f));
  CHECK_FALSE(is_control(U' '));
  CHECK_FALSE(is_control(0xa0));
}
