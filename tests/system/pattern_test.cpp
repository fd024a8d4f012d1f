#include <doctest/doctest.h>

#include "tests/system/pattern.hpp"

namespace parley::tests {

namespace {

bool match(captures& cast, std::string_view expected, std::string_view actual) {
  return !cast.mismatch(json::parse(cast.fill_in(expected)), json::parse(actual));
}

} // namespace

TEST_CASE("pattern: only the stated fields count, and arrays count whole") {
  captures cast;
  CHECK(match(cast, R"({"a":1})", R"({"a":1,"b":2})"));
  CHECK(match(cast, R"({"a":{"b":[1,{"c":true}]}})", R"({"a":{"b":[1,{"c":true,"d":0}]}})"));
  CHECK_FALSE(match(cast, R"({"a":1,"b":2})", R"({"a":1})"));
  CHECK_FALSE(match(cast, R"({"a":1})", R"({"a":"1"})"));
  CHECK_FALSE(match(cast, R"({"a":[1]})", R"({"a":[1,2]})"));
  CHECK_FALSE(match(cast, R"({"a":[1,2]})", R"({"a":[1]})"));
  CHECK_FALSE(match(cast, R"({"a":{}})", R"({"a":[]})"));
}

TEST_CASE("pattern: wildcards match by kind") {
  captures cast;
  CHECK(match(cast, R"({"a":"<any>","b":"<none>"})", R"({"a":null})"));
  CHECK(match(cast, R"({"a":"<text>","b":"<number>"})", R"({"a":"","b":7})"));
  CHECK(match(cast, R"({"a":"<uuid>"})", R"({"a":"018f0000-0000-7000-8000-000000000001"})"));
  CHECK_FALSE(match(cast, R"({"a":"<any>"})", R"({})"));
  CHECK_FALSE(match(cast, R"({"a":"<none>"})", R"({"a":1})"));
  CHECK_FALSE(match(cast, R"({"a":"<number>"})", R"({"a":"7"})"));
  CHECK_FALSE(match(cast, R"({"a":"<uuid>"})", R"({"a":"018f"})"));
}

TEST_CASE("pattern: a name is captured once and stands for its value afterwards") {
  captures cast;
  CHECK(match(cast, R"({"id":"$id","seq":"$seq"})", R"({"id":"c1","seq":4})"));
  CHECK(match(cast, R"({"id":"$id:$seq"})", R"({"id":"c1:4"})"));
  CHECK(match(cast, R"({"user":"$user","key":"of $user"})", R"({"user":"ann","key":"of ann"})"));
  CHECK_FALSE(match(cast, R"({"key":"of $user"})", R"({"key":"of bob"})"));
  CHECK_FALSE(match(cast, R"({"id":"$id"})", R"({"id":"c2"})"));
  CHECK(cast.fill_in(R"({"seq":"$seq","id":"$id!","text":"<x*3>"})") == R"({"seq":4,"id":"c1!","text":"xxx"})");
}

TEST_CASE("pattern: a frame that does not match captures nothing") {
  captures cast;
  CHECK_FALSE(match(cast, R"({"id":"$id","seq":1})", R"({"id":"c1","seq":2})"));
  CHECK(match(cast, R"({"id":"$id","seq":1})", R"({"id":"c2","seq":1})"));
}

} // namespace parley::tests
