#include "net/http_types.hpp"

#include <doctest/doctest.h>

#include "tests/unit/net/http_reading.hpp"

using namespace parley;
using namespace parley::net;
using namespace parley::tests;

TEST_CASE("http: an error has the status of its code and says what to do next") {
  const auto response = error_response({errc::not_found, "no such conversation", "conversation", {}});
  CHECK(response.status == 404);
  CHECK(response.content_type == "application/json");
  CHECK(*response.body == R"({"type":"error","code":"not_found","message":"no such conversation","retry":"no",)"
                          R"("field":"conversation"})");
  CHECK(header(response, "Cache-Control") == "no-store");
  CHECK_FALSE(header(response, "Retry-After"));
  CHECK_FALSE(header(response, "WWW-Authenticate"));
}

TEST_CASE("http: an error may have another status than its code") {
  CHECK(error_response({errc::invalid_argument, "", {}, {}}, 405).status == 405);
}

TEST_CASE("http: who may come later is told when, in whole seconds rounded up") {
  using std::chrono::milliseconds;
  CHECK(header(error_response({errc::rate_limited, "", {}, milliseconds{1}}), "Retry-After") == "1");
  CHECK(header(error_response({errc::rate_limited, "", {}, milliseconds{1'000}}), "Retry-After") == "1");
  CHECK(header(error_response({errc::overloaded, "", {}, milliseconds{1'001}}), "Retry-After") == "2");
}

TEST_CASE("http: who is not known is asked for a token") {
  CHECK(header(error_response({errc::unauthenticated, "", {}, {}}), "WWW-Authenticate") == "Bearer");
  CHECK(header(error_response({errc::token_expired, "", {}, {}}), "WWW-Authenticate") == "Bearer");
}

TEST_CASE("http: dates look as the standard wants them") {
  CHECK(http_date(from_millis(784'111'777'000)) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(http_date(from_millis(0)) == "Thu, 01 Jan 1970 00:00:00 GMT");
  CHECK(http_date(from_millis(1'709'251'199'999)) == "Thu, 29 Feb 2024 23:59:59 GMT");
}

TEST_CASE("http: a tag is found alone, in a list, made weak by a proxy, or by a star") {
  for (const std::string_view given : {R"("abc")", R"(W/"abc")", R"("x", "abc")", R"("x",W/"abc" ,"y")", "*"}) {
    CAPTURE(given);
    CHECK(names_etag(given, R"("abc")"));
  }
  for (const std::string_view given : {"", "abc", R"("ab")", R"("abcd")", R"(w/"abc")", R"("x","y")", ",", "**"}) {
    CAPTURE(given);
    CHECK_FALSE(names_etag(given, R"("abc")"));
  }
}
