#include <doctest/doctest.h>

#include <string>

#include <parley/lazy.hpp>

namespace parley::tests {

TEST_CASE("lazy: it is empty and has nothing to change until it is changed") {
  lazy<std::string> text;
  CHECK(text.get().empty());
  CHECK(text.if_used() == nullptr);
  CHECK(text.take().empty());
  text.edit() = "changed";
  CHECK(text.get() == "changed");
  REQUIRE(text.if_used() != nullptr);
  text.if_used()->append(" twice");
  CHECK(text.take() == "changed twice");
  CHECK(text.get().empty());
  CHECK(text.if_used() == nullptr);
}

TEST_CASE("lazy: it takes the room of a pointer") { CHECK(sizeof(lazy<std::string>) == sizeof(void*)); }

} // namespace parley::tests
