/// A planner at work with a database that a die leads astray: rivals write too, connections break before and after
/// commits, transactions whose client is gone end late. What was answered is held against what is there.

#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "persistence/postgres/append_planner.hpp"

namespace parley::tests {

/// A defect that the check has to find.
enum class planted_bug {
  none,
  /// A lost connection is taken for a refusal, and the same is sent again.
  loss_is_forgotten,
  /// A lost connection is taken for a commit.
  loss_is_success,
  /// The head is read one too low.
  head_is_low,
  /// Answers of a batch come in another order.
  answers_are_turned,
  /// The database has no key over client ids.
  no_client_key,
  /// The database never looks for holes.
  holes_are_overlooked,
};

using log_by_seq = std::map<seq_no, entry>;

/// Logs as PostgreSQL keeps them: one step is atomic, two keys are unique, holes are seen only by who looks, content
/// with `poison` is refused.
class simulated_log {
public:
  explicit simulated_log(planted_bug bug) : bug_{bug} {}

  static constexpr const char* poison = "poison";

  /// All or nothing; nothing: it is written.
  [[nodiscard]] std::optional<persistence::postgres::refusal> write(const std::vector<conversation_write>& all,
                                                                    const std::set<conversation_id>& unsure);
  [[nodiscard]] persistence::postgres::standing look(const conversation_write& about) const;

  [[nodiscard]] seq_no head(const conversation_id& of) const;
  [[nodiscard]] const std::map<conversation_id, log_by_seq>& logs() const { return logs_; }

private:
  [[nodiscard]] const entry* find(const entry& like) const;

  planted_bug bug_;
  std::map<conversation_id, log_by_seq> logs_;
};

struct schedule_counts {
  std::size_t committed = 0;
  std::size_t collisions = 0;
  std::size_t repetitions = 0;
  std::size_t unavailable = 0;
  std::size_t malformed = 0;
  std::size_t losses = 0;
};

/// One run; `run` gives the first violation or nothing.
class append_schedule {
public:
  append_schedule(std::uint64_t seed, planted_bug bug);

  [[nodiscard]] std::optional<std::string> run();
  [[nodiscard]] const schedule_counts& counts() const { return counts_; }

private:
  /// A step on its way: sent, maybe done, maybe forgotten by its client.
  struct sent_step {
    persistence::postgres::append_step::kind what;
    std::vector<conversation_write> writes;
    std::set<conversation_id> unsure;
    bool is_done = false;
    std::optional<persistence::postgres::refusal> refused;
    std::vector<persistence::postgres::standing> found;
  };
  struct put_batch {
    std::vector<conversation_write> writes;
    std::vector<seq_no> heads;
    /// Something happened that excuses `unavailable`.
    bool is_troubled = false;
  };

  void turn();
  void put();
  void send();
  void serve(sent_step& one);
  void answer();
  void lose_connection();
  void end_orphan();
  void rival_writes();
  void take();
  void trouble();

  [[nodiscard]] std::optional<std::string> judge(const put_batch& batch, std::size_t which,
                                                 const result<write_outcome>& answer);
  [[nodiscard]] std::optional<std::string> final_violation() const;
  [[nodiscard]] bool is_there(const entry& one) const;
  [[nodiscard]] bool is_there(const conversation_write& write) const;
  [[nodiscard]] conversation_write make_write(const conversation_id& to, seq_no first);
  [[nodiscard]] std::uint64_t roll(std::uint64_t sides) { return dice_() % sides; }

  std::mt19937_64 dice_;
  planted_bug bug_;
  simulated_log log_;
  persistence::postgres::append_planner planner_;
  std::deque<sent_step> sent_;
  std::deque<sent_step> orphans_;
  std::deque<put_batch> put_;
  /// Writes of which nothing may ever be there.
  std::vector<conversation_write> refused_;
  std::optional<std::string> violation_;
  schedule_counts counts_;
  std::uint64_t bodies_ = 0;
};

} // namespace parley::tests
