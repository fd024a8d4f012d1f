#include "net/token_watch.hpp"

#include <doctest/doctest.h>

using namespace parley;
using namespace parley::net;
using namespace std::chrono_literals;
using verdict = token_watch::verdict;

namespace {

struct watch_fixture {
  manual_clock time;
  claims bearer{.user = {"ann"}, .device = {}, .expires_at = time.now() + 60s};
  token_watch watch{bearer, device_id{"phone"}, 10s};

  verdict check() { return watch.check(time.now(), time.steady()); }
};

} // namespace

TEST_CASE_FIXTURE(watch_fixture, "token watch: a token is good until its time and the leeway are over") {
  CHECK(check() == verdict::fine);
  time.advance(60s + token_leeway);
  CHECK(check() == verdict::fine);
  time.advance(1ms);
  CHECK(check() == verdict::expired);
}

TEST_CASE_FIXTURE(watch_fixture, "token watch: the client is told once, and has the grace to send another") {
  time.advance(91s);
  CHECK(check() == verdict::expired);
  time.advance(9'999ms);
  CHECK(check() == verdict::fine);
  time.advance(1ms);
  CHECK(check() == verdict::over);
}

TEST_CASE_FIXTURE(watch_fixture, "token watch: a new token ends the grace") {
  time.advance(91s);
  CHECK(check() == verdict::expired);
  CHECK(watch.renew({.user = {"ann"}, .device = {}, .expires_at = time.now() + 60s}));
  time.advance(90s);
  CHECK(check() == verdict::fine);
  time.advance(1s);
  CHECK(check() == verdict::expired);
}

TEST_CASE_FIXTURE(watch_fixture, "token watch: another user's token changes nothing") {
  CHECK(watch.renew({.user = {"bob"}, .device = {}, .expires_at = time.now() + 1h}).error().code ==
        errc::unauthenticated);
  CHECK(watch.renew({.user = {"Ann"}, .device = {}, .expires_at = time.now() + 1h}).error().code ==
        errc::unauthenticated);
  CHECK(watch.user().value == "ann");
  time.advance(91s);
  CHECK(check() == verdict::expired);
}

TEST_CASE_FIXTURE(watch_fixture, "token watch: a token for this device is taken, one for another is not") {
  CHECK(watch.renew({.user = {"ann"}, .device = device_id{"tablet"}, .expires_at = time.now() + 1h}).error().code ==
        errc::unauthenticated);
  CHECK(watch.renew({.user = {"ann"}, .device = device_id{"phone"}, .expires_at = time.now() + 1h}));
  CHECK(watch.device().value == "phone");
}
