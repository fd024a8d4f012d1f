#include <doctest/doctest.h>

#include <set>
#include <string>

#include <fmt/format.h>

#include "tests/unit/core/decoding.hpp"

namespace parley::tests {

namespace {

fingerprint send_print(std::string_view fields) {
  return accepted<send_request>(fmt::format(R"({{"type":"send","to":"bob",{}}})", fields)).content.print;
}

fingerprint create_print(std::string_view fields) {
  return accepted<create_request>(fmt::format(R"({{"type":"create",{}}})", fields)).print;
}

} // namespace

TEST_CASE("fingerprint: equal content has equal prints, however it is written") {
  struct pair {
    const char *one, *other;
  };
  for (const auto& [one, other] : {
           pair{R"("text":"hi")", R"(  "text" : "hi" )"},
           pair{R"("text":"ü")", R"("text":"\u00fc")"},
           pair{R"("text":"hi")", R"("text":"hi","silent":false)"},
           pair{R"("text":"hi")", R"("text":"hi","echo":false)"},
           pair{R"("text":"hi")", R"("text":"hi","ref":"7","colour":"red")"},
           pair{R"("text":"hi")", R"("text":"hi","clientId":"018f2a7c-0000-7abc-8def-0123456789ab")"},
           pair{R"("text":"hi","replyTo":1)", R"("replyTo":1.0,"text":"hi")"},
           pair{R"("data":{"a":1,"b":2})", R"("data":{"b":2,"a":1})"},
           pair{R"("data":{"a":{"x":1,"y":[{"p":1,"q":2}]}})", R"("data":{"a":{"y":[{"q":2,"p":1}],"x":1}})"},
           pair{R"("data":{"a":1})", R"("data":{"a":1.0})"},
           pair{R"("data":{"a":100})", R"("data":{"a":1e2})"},
           pair{R"("data":{"a":0})", R"("data":{"a":-0.0})"},
           pair{R"("data":{"a":-5})", R"("data":{"a":-5.000})"},
           pair{R"("data":{"a":1000000000000000})", R"("data":{"a":1e15})"},
           pair{R"("data":{"a":0.5})", R"("data":{"a":5e-1})"},
           pair{R"("data":{"a":"ü"})", R"("data":{"\u0061":"\u00fc"})"},
       }) {
    CAPTURE(one);
    CAPTURE(other);
    CHECK(send_print(one) == send_print(other));
  }
}

TEST_CASE("fingerprint: the receiver is no part of the content") {
  const auto by_id =
      accepted<send_request>(R"({"type":"send","conversation":"00000000-0000-0000-0000-000000000001","text":"hi"})");
  CHECK(by_id.content.print == send_print(R"("text":"hi")"));
}

TEST_CASE("fingerprint: different content has different prints") {
  std::set<fingerprint> prints;
  std::size_t count = 0;
  for (const auto* fields : {
           R"("text":"hi")",
           R"("text":"Hi")",
           R"("text":"hi ")",
           R"("text":"hi","silent":true)",
           R"("text":"hi","replyTo":1)",
           R"("text":"hi","replyTo":2)",
           R"("text":"hi","mentions":["cy"])",
           R"("text":"hi","mentions":["cy","dan"])",
           R"("text":"hi","mentions":["dan","cy"])",
           R"("text":"hi","data":{})",
           R"("data":{})",
           R"("text":"","data":{})",
           R"("data":{"a":1})",
           R"("data":{"a":"1"})",
           R"("data":{"a":1.5})",
           R"("data":{"a":true})",
           R"("data":{"a":null})",
           R"("data":{"a":[]})",
           R"("data":{"a":{}})",
           R"("data":{"a":[1,2]})",
           R"("data":{"a":[2,1]})",
           R"("data":{"a":[[1],2]})",
           R"("data":{"a":1,"b":2})",
           R"("data":{"a,\"b":1})",
           R"("text":"{\"a\":1}")",
       }) {
    prints.insert(send_print(fields));
    ++count;
  }
  CHECK(prints.size() == count);
}

TEST_CASE("fingerprint: a create is told from another by every field") {
  const auto* plain = R"("members":["bob"])";
  CHECK(create_print(plain) == create_print(R"("mode":"push","history":"all","title":"","members":["bob"])"));
  CHECK(create_print(R"("members":[],"data":{"a":1,"b":2})") == create_print(R"("data":{"b":2,"a":1.0},"members":[])"));
  std::set<fingerprint> prints;
  for (const auto* fields : {plain, R"("members":["bob","cy"])", R"("members":[])", R"("members":["bob"],"title":"x")",
                             R"("members":["bob"],"history":"joined")", R"("members":["bob"],"mode":"pull")",
                             R"("members":["bob"],"data":{})", R"("members":[],"title":"bob")"})
    prints.insert(create_print(fields));
  CHECK(prints.size() == 8);
}

} // namespace parley::tests
