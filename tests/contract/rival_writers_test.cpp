/// Two writers that both believe to own the same conversations: each appends at the head that it knows, and reads what
/// it missed when it collides. The schedule comes from a seed, which a failure prints.

#include <map>
#include <random>
#include <set>

#include <doctest/doctest.h>

#include "tests/contract/backends.hpp"
#include "tests/contract/sample.hpp"

namespace parley::tests {

namespace {

constexpr std::uint8_t conversations = 4;
constexpr std::uint8_t clients = 40;

using key = std::pair<conversation_id, client_id>;

/// What was promised to the clients of both writers.
using promises = std::map<key, entry>;

class rival {
public:
  rival(log_store& log, std::mt19937_64& dice) : log_{log}, dice_{dice} {}

  /// Some messages, among them repetitions of what anybody has sent before.
  std::vector<conversation_write> make_batch() {
    std::vector<conversation_write> batch;
    for (std::uint8_t number = 0; number < conversations; ++number) {
      if (roll(3) == 0) continue;
      const auto id = conversation_number(number);
      conversation_write write{.conversation = id};
      for (const auto client : some_clients()) {
        if (knows({id, client})) continue;
        const auto seq = heads_[id] + write.entries.size() + 1;
        write.entries.push_back(message(id, seq, {.text = std::to_string(dice_()), .client = client}));
      }
      batch.push_back(std::move(write));
    }
    return batch;
  }

  void send(const std::vector<conversation_write>& batch, promises& given) {
    const auto outcomes = log_.write(batch);
    REQUIRE(outcomes.size() == batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) settle(batch[i], outcomes[i], given);
  }

private:
  void settle(const conversation_write& write, const result<write_outcome>& outcome, promises& given) {
    REQUIRE(outcome);
    if (is<committed>(outcome)) {
      for (const auto& entry : write.entries) {
        CHECK(given.emplace(key{write.conversation, *entry.client}, entry).second);
        fold(entry);
      }
    } else if (is<repeated>(outcome)) {
      const auto& [index, first] = std::get<repeated>(*outcome);
      CHECK(given.at({write.conversation, *write.entries.at(index).client}) == first);
      catch_up(write.conversation);
    } else {
      catch_up(write.conversation);
    }
  }

  void catch_up(const conversation_id& id) {
    const auto missed = log_.read(id, {.after = heads_[id], .limit = 1 + roll(1'000)}).value();
    for (const auto& entry : missed) fold(entry);
  }

  void fold(const entry& next) {
    CHECK(next.seq == heads_[next.conversation] + 1);
    heads_[next.conversation] = next.seq;
    // A writer remembers the latest client ids only; the unique key has to know the others.
    if (roll(2) == 0) recent_.emplace(next.conversation, *next.client);
  }

  std::set<client_id> some_clients() {
    std::set<client_id> chosen;
    for (auto count = roll(5); count > 0; --count)
      chosen.insert(client_number(static_cast<std::uint8_t>(roll(clients))));
    return chosen;
  }

  [[nodiscard]] bool knows(const key& one) const { return recent_.contains(one); }
  std::uint64_t roll(std::uint64_t sides) { return dice_() % sides; }

  log_store& log_;
  std::mt19937_64& dice_;
  std::map<conversation_id, seq_no> heads_;
  std::set<key> recent_;
};

} // namespace

TEST_CASE_TEMPLATE("log: two rival writers leave dense logs with every promised entry, once", Backend,
                   PARLEY_BACKENDS) {
  for (std::uint64_t seed = 1; seed <= 15; ++seed) {
    CAPTURE(seed);
    const fresh_stores<Backend> store;
    std::mt19937_64 dice{seed};
    promises given;
    std::vector<rival> rivals(2, rival{*store.log, dice});
    for (int round = 0; round < 80; ++round) {
      auto& one = rivals[dice() % 2];
      one.send(one.make_batch(), given);
    }

    std::size_t written = 0;
    for (std::uint8_t number = 0; number < conversations; ++number) {
      const auto log = whole_log(*store.log, conversation_number(number));
      for (std::size_t i = 0; i < log.size(); ++i) {
        CHECK(log[i].seq == i + 1);
        CHECK(given.at({log[i].conversation, log[i].client.value()}) == log[i]);
      }
      written += log.size();
    }
    CHECK(written == given.size());
    CHECK(written > conversations * clients / 2);
  }
}

} // namespace parley::tests
