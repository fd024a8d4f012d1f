#include <doctest/doctest.h>

#include <string_view>

#include <parley/ensure.hpp>
#include <parley/error.hpp>

namespace parley {

TEST_CASE("error: every code has the name, the status and the advice of the protocol") {
  using enum retry_advice;
  struct row {
    errc code;
    std::string_view name;
    unsigned status;
    retry_advice advice;
  };
  const row table[]{
      {errc::bad_frame, "bad_frame", 400, no},
      {errc::unknown_type, "unknown_type", 400, no},
      {errc::invalid_argument, "invalid_argument", 400, no},
      {errc::unauthenticated, "unauthenticated", 401, reauth},
      {errc::token_expired, "token_expired", 401, reauth},
      {errc::forbidden, "forbidden", 403, no},
      {errc::blocked, "blocked", 403, no},
      {errc::not_found, "not_found", 404, no},
      {errc::conflict, "conflict", 409, no},
      {errc::client_id_conflict, "client_id_conflict", 409, no},
      {errc::too_large, "too_large", 413, no},
      {errc::too_many, "too_many", 422, no},
      {errc::rate_limited, "rate_limited", 429, later},
      {errc::overloaded, "overloaded", 503, later},
      {errc::unavailable, "unavailable", 503, same},
      {errc::timeout, "timeout", 504, same},
      {errc::internal, "internal", 500, same},
  };
  CHECK(std::size(table) == static_cast<std::size_t>(errc::internal) + 1);
  for (const auto& [code, name, status, advice] : table) {
    CAPTURE(name);
    CHECK(to_string(code) == name);
    CHECK(http_status(code) == status);
    CHECK(advice_for(code) == advice);
  }
}

TEST_CASE("error: advice is written as the protocol spells it") {
  CHECK(to_string(retry_advice::no) == "no");
  CHECK(to_string(retry_advice::same) == "same");
  CHECK(to_string(retry_advice::later) == "later");
  CHECK(to_string(retry_advice::reauth) == "reauth");
}

TEST_CASE("ensure: a broken promise is a defect that names its sentence and place") {
  CHECK_NOTHROW(ensure(true, "the world is round"));
  CHECK_THROWS_WITH_AS(ensure(false, "the world is round"), doctest::Contains("the world is round"), defect);
  CHECK_THROWS_WITH_AS(ensure(false, "the world is round"), doctest::Contains("error_test.cpp"), defect);
}

} // namespace parley
