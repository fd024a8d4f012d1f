/// Who is on stage in most tests.

#pragma once

#include "tests/unit/actors/client.hpp"
#include "tests/unit/actors/stage.hpp"
#include "tests/unit/core/session_number.hpp"

namespace parley::tests {

inline const user_id ann{"ann"};
inline const user_id bob{"bob"};
inline const user_id cy{"cy"};
inline const user_id dan{"dan"};

/// A node with four accounts.
struct people : stage {
  explicit people(settings config = {}) : stage{std::move(config)} { add_users({ann, bob, cy, dan}); }
};

/// Two of them connected, nothing said yet.
struct ann_and_bob : people {
  explicit ann_and_bob(settings config = {}) : people{std::move(config)} {
    ann_phone.take();
    bob_phone.take();
  }

  /// Ann says `count` messages that everybody has heard.
  void say_hello(int count = 1) {
    for (int i = 0; i < count; ++i) ann_phone.say(send_to(bob, R"("text":"hello")"));
    ann_phone.take();
    ann_phone.take_answers();
    bob_phone.take();
  }

  /// The log of their conversation: `ann hello`.
  lines log_of(const conversation_id& id) {
    lines texts;
    const auto items = log().real().read(id, {.limit = 10'000}).value();
    for (const auto& item : items) texts.push_back(item.author.value + " " + item.body);
    return texts;
  }

  const conversation_id theirs = direct_conversation(ann, bob);
  client ann_phone{*this, {ann}};
  client bob_phone{*this, {bob}};
};

} // namespace parley::tests
