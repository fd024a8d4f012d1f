#include <doctest/doctest.h>

#include "actors/presence_state.hpp"

#include "tests/unit/core/session_number.hpp"

namespace parley::tests {

namespace {

using namespace std::chrono_literals;
using actors::presence_state;
using actors::presence_view;

const session_id phone = session_number(1), tablet = session_number(2);

/// A state machine and its time.
struct observed {
  presence_state state{15s, 2s};
  std::chrono::milliseconds passed{0};

  [[nodiscard]] timestamp now() const { return timestamp{passed}; }
  [[nodiscard]] instant at() const { return instant{passed}; }
  void show(const session_id& session, std::optional<presence_choice> choice) {
    state.show(session, choice, now(), at());
  }
  [[nodiscard]] presence_status status() const { return state.view(now(), at()).status; }
  [[nodiscard]] std::optional<timestamp> last_seen() const { return state.view(now(), at()).last_seen; }
};

constexpr auto online = presence_choice::online;
constexpr auto away = presence_choice::away;
constexpr auto invisible = presence_choice::invisible;

} // namespace

TEST_CASE_FIXTURE(observed, "presence state: nobody was ever seen at first") {
  CHECK(state.view(now(), at()) == presence_view{});
}

TEST_CASE_FIXTURE(observed, "presence state: the best of the sessions counts") {
  show(phone, away);
  CHECK(status() == presence_status::away);
  show(tablet, online);
  CHECK(status() == presence_status::online);
  show(tablet, std::nullopt);
  CHECK(status() == presence_status::away);
}

TEST_CASE_FIXTURE(observed, "presence state: one invisible session hides all, and the time stands still") {
  show(phone, online);
  passed += 5s;
  show(tablet, invisible);
  CHECK(status() == presence_status::offline);
  passed += 60s;
  CHECK(last_seen() == timestamp{5s});
  show(tablet, std::nullopt);
  CHECK(status() == presence_status::online);
}

TEST_CASE_FIXTURE(observed, "presence state: the last one gone means offline after a grace, as of when it went") {
  show(phone, online);
  passed = 10s;
  show(phone, std::nullopt);
  CHECK(status() == presence_status::online);
  CHECK_FALSE(state.take_last_seen(at()));
  passed += 14s;
  CHECK(status() == presence_status::online);
  passed += 1s;
  CHECK(status() == presence_status::offline);
  CHECK(state.take_last_seen(at()) == timestamp{10s});
  CHECK_FALSE(state.take_last_seen(at()));
  CHECK(last_seen() == timestamp{10s});
}

TEST_CASE_FIXTURE(observed, "presence state: a return within the grace makes no noise") {
  show(phone, online);
  CHECK(state.take_change(at()));
  passed = 10s;
  show(phone, std::nullopt);
  CHECK_FALSE(state.take_change(at()));
  passed += 5s;
  show(tablet, online);
  passed += 60s;
  CHECK_FALSE(state.take_change(at()));
  CHECK_FALSE(state.take_last_seen(at()));
}

TEST_CASE_FIXTURE(observed, "presence state: changes are told every two seconds at most, the last one wins") {
  show(phone, online);
  CHECK(state.take_change(at()));
  passed += 500ms;
  show(phone, away);
  CHECK_FALSE(state.take_change(at()));
  CHECK(state.next(at()) == instant{2s});
  show(phone, online);
  passed += 2s;
  CHECK_FALSE(state.take_change(at()));
  CHECK_FALSE(state.next(at()));
}

TEST_CASE_FIXTURE(observed, "presence state: who only hid leaves no trace") {
  show(phone, invisible);
  show(phone, std::nullopt);
  passed += 60s;
  CHECK_FALSE(state.take_last_seen(at()));
  CHECK_FALSE(last_seen());
}

TEST_CASE_FIXTURE(observed, "presence state: what the store knows fills in, and never goes back") {
  state.remember(timestamp{3s});
  CHECK(last_seen() == timestamp{3s});
  state.remember(timestamp{1s});
  CHECK(last_seen() == timestamp{3s});
}

} // namespace parley::tests
