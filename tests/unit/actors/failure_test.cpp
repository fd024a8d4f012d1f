#include <doctest/doctest.h>

#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>

#include "actors/failure.hpp"

namespace parley::actors {

TEST_CASE("failure: an error survives its way through CAF, whatever its code") {
  for (auto code = 0; code <= static_cast<int>(errc::internal); ++code) {
    const error why{static_cast<errc>(code), "a \"detail\"", "field", std::chrono::milliseconds{70}};
    REQUIRE(to_caf(why));
    CHECK(from_caf(to_caf(why)) == why);
  }
}

TEST_CASE("failure: an error survives being copied on the way") {
  const error why{errc::overloaded, "full", {}, std::chrono::milliseconds{200}};
  caf::error copy;
  {
    const auto first = to_caf(why);
    copy = first;
  }
  CHECK(from_caf(copy) == why);
}

TEST_CASE("failure: what CAF reports itself has a code of the protocol") {
  CHECK(from_caf(caf::sec::request_timeout).code == errc::timeout);
  CHECK(from_caf(caf::sec::request_receiver_down).code == errc::unavailable);
  CHECK(from_caf(caf::exit_reason::unhandled_exception).code == errc::unavailable);
  CHECK(from_caf(caf::exit_reason::user_shutdown).code == errc::unavailable);
  CHECK(from_caf(caf::sec::unexpected_message).code == errc::internal);
  CHECK_FALSE(from_caf(caf::sec::unexpected_message).detail.empty());
}

} // namespace parley::actors
