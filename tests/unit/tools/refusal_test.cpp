#include "tools/parleyctl/refusal.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

using namespace parley;
using namespace parley::ctl;

namespace {

auto frame(const char* text) { return boost::json::parse(text).as_object(); }

} // namespace

TEST_CASE("refusal: keeps the server's code and says its message") {
  const auto refused = refusal_in(frame(R"({"type":"error","code":"not_found","message":"no such conversation"})"));
  CHECK(refused.code == errc::not_found);
  CHECK(refused.detail == "not_found: no such conversation");
  CHECK(refusal_in(frame(R"({"type":"error","code":"from_the_future","message":"m"})")).code == errc::internal);
}

TEST_CASE("refusal: a body that is none of ours leaves the status") {
  CHECK(refusal_in(R"({"code":"forbidden","message":"m"})", 403).detail == "forbidden: m");
  CHECK(refusal_in("<html>", 502).detail == "refused with HTTP 502");
}

TEST_CASE("refusal: only what may be repeated is waited for") {
  CHECK(!asked_to_wait(frame(R"({"code":"forbidden","retry":"no"})")));
  CHECK(!asked_to_wait(frame(R"({"code":"token_expired","retry":"reauth"})")));
  CHECK(asked_to_wait(frame(R"({"retry":"later","retryAfterMs":40})")) == std::chrono::milliseconds{40});
  CHECK(asked_to_wait(frame(R"({"retry":"same"})")) == std::chrono::milliseconds{1000});
}

TEST_CASE("refusal: an ending in words") {
  CHECK(ending_text({.code = 4001, .http_status = 0, .text = "drain"}) == "closed with 4001: drain");
  CHECK(ending_text({.code = 4502, .http_status = 0, .text = ""}) == "closed with 4502");
  CHECK(ending_text({.code = 1006, .http_status = 0, .text = "connection refused"}) == "connection refused");
  CHECK(ending_text({.code = 1006, .http_status = 401, .text = R"({"code":"unauthenticated","message":"m"})"}) ==
        "unauthenticated: m");
}
