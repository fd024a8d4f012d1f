#include "net/subprotocol.hpp"

#include <doctest/doctest.h>

using namespace parley::net;

TEST_CASE("subprotocol: none is needed") {
  for (const std::string_view asked : {"", " ", ",", " , ,"}) {
    CAPTURE(asked);
    CHECK(choose_subprotocol(asked).is_supported);
    CHECK(choose_subprotocol(asked).echo.empty());
  }
}

TEST_CASE("subprotocol: ours is echoed, wherever it stands in the list") {
  for (const std::string_view asked :
       {"parley.v1", "parley.v2, parley.v1", "parley.v1,mqtt", " \tparley.v1 ,x", "a,,parley.v1"}) {
    CAPTURE(asked);
    CHECK(choose_subprotocol(asked).is_supported);
    CHECK(choose_subprotocol(asked).echo == "parley.v1");
  }
}

TEST_CASE("subprotocol: of unknown ones the first is echoed, and is not supported") {
  for (const std::string_view asked : {"parley.v2", "parley.v2,parley.v3", ", parley.v2 , x"}) {
    CAPTURE(asked);
    CHECK_FALSE(choose_subprotocol(asked).is_supported);
    CHECK(choose_subprotocol(asked).echo == "parley.v2");
  }
  CHECK_FALSE(choose_subprotocol("parley.v10").is_supported);
  CHECK_FALSE(choose_subprotocol("PARLEY.V1").is_supported);
}
