#include "tools/parleyload/payload.hpp"

#include <doctest/doctest.h>

#include <parley/ensure.hpp>

using namespace parley::load;

namespace {

std::string written(const payloads& texts, const payload_id& id) {
  std::string text;
  texts.append(text, id);
  return text;
}

} // namespace

TEST_CASE("payload: says whose it is, in exactly the size asked for") {
  for (const std::size_t bytes : {payloads::bytes_min, std::size_t{100}, payloads::bytes_max}) {
    const payloads texts{"run1", bytes};
    for (const payload_id id : {payload_id{0, 0}, payload_id{999'999, 1'000'000'000'000}}) {
      const auto text = written(texts, id);
      CHECK(text.size() == bytes);
      CHECK(texts.read(text) == id);
    }
  }
}

TEST_CASE("payload: the same message always has the same text") {
  const payloads texts{"run1", 200};
  CHECK(written(texts, {3, 4}) == written(payloads{"run1", 200}, {3, 4}));
  CHECK(written(texts, {3, 4}) != written(texts, {3, 5}));
}

TEST_CASE("payload: any change of any byte is seen") {
  const payloads texts{"run1", 100};
  const auto right = written(texts, {17, 42});
  for (std::size_t i = 0; i < right.size(); ++i) {
    auto wrong = right;
    wrong[i] = wrong[i] == 'x' ? 'y' : 'x';
    CAPTURE(i);
    CHECK(!texts.read(wrong));
  }
}

TEST_CASE("payload: a cut, a longer and another run's text are seen") {
  const payloads texts{"run1", 100};
  const auto right = written(texts, {17, 42});
  CHECK(!texts.read(right.substr(0, 99)));
  CHECK(!texts.read(right + "x"));
  CHECK(!texts.read(""));
  CHECK(!texts.read(written(payloads{"run2", 100}, {17, 42})));
  CHECK(!texts.read(written(payloads{"run1", 101}, {17, 42})));
}
