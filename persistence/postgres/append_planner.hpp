/// Decides what an append lane sends to PostgreSQL and what the answers mean; knows neither libpq, time nor threads.
///
/// A batch is sent as one transaction. When a unique key (or a hole) refuses it, the database is asked how the
/// conversations of the batch stand: those at fault are answered, the rest is sent again as a smaller transaction. When
/// the connection is lost while a transaction is under way, nobody knows its end: it is read back. What is there is
/// answered `committed`; where somebody else's entry stands `collision`; else `unavailable`, for it may still come.
///
///   to_write ── sent ──> writing ── written ─────────────> all committed
///       ^                   ├── refused ──> to_look ── sent ──> looking ── found ──> some are answered
///       └── the rest ───────│────────────────────────────────────────────────────────────┘
///                           └── connection lost ──> to_look (lost) ── found ──> all are answered
///
/// Each of several batches goes through this beside the others; no conversation is in two of them, so none overtakes.

#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include <parley/log_store.hpp>

#include "persistence/postgres/known_heads.hpp"

namespace parley::persistence::postgres {

/// Something to ask of the database.
struct append_step {
  /// `write`: all of it in one transaction. `look`: how do these conversations stand?
  enum class kind { write, look };
  kind what = kind::write;
  /// One conversation at most once. They live until the batch is taken.
  std::vector<const conversation_write*> writes;
  /// Those whose first entry may leave a hole: the database has to look for the entry before it.
  std::vector<const conversation_write*> unsure;
};

/// How a conversation stands, as far as a write to it is concerned.
struct standing {
  seq_no head = 0;
  /// Entries at the seqs of the write, and those that carry one of its (author, client id); in any order.
  std::vector<entry> found;
};

/// Why the database did not do a step. Nothing of it was written.
enum class refusal {
  /// A unique key or a hole: some conversation of the step is at fault.
  by_key,
  /// Content that the database does not take: some write of the step is at fault.
  by_content,
  /// A deadlock or the like: the same may succeed now.
  passing,
  /// It can not do it now: disk full, statement timeout.
  unable,
};

struct planner_limits {
  /// Batches under way at once.
  std::size_t depth = 2;
  /// So often may one transaction be refused by a key, or by something passing, before it is `unavailable`.
  unsigned refusals_max = 24;
  /// Conversations whose head is remembered.
  std::size_t heads_max = 65'536;
};

class append_planner {
public:
  explicit append_planner(planner_limits limits = {});
  ~append_planner();
  append_planner(append_planner&&) noexcept;
  append_planner& operator=(append_planner&&) noexcept;

  [[nodiscard]] const planner_limits& limits() const { return limits_; }
  /// Batches that were put and not taken.
  [[nodiscard]] std::size_t size() const { return batches_.size(); }

  /// Fewer than `depth` are under way, and no conversation of `writes` is in one of them. A batch may name a
  /// conversation several times: these writes go one after the other.
  void put(std::vector<conversation_write> writes);

  /// Every write of the oldest batch has its answer.
  [[nodiscard]] bool is_answered() const;
  /// The answers of the oldest batch, in the order of its writes; it must be answered.
  [[nodiscard]] std::vector<result<write_outcome>> take();

  /// The next step to send, or nothing before an answer arrives.
  [[nodiscard]] std::optional<append_step> next();
  /// Steps sent and not answered.
  [[nodiscard]] std::size_t steps_under_way() const { return sent_.size(); }

  // What became of the oldest step under way. ---------------------------------------------------------------------

  void on_written();
  /// One standing for each write of the step.
  void on_found(std::vector<standing> how);
  void on_refused(refusal why, const std::string& detail);

  // What became of everything under way. --------------------------------------------------------------------------

  /// Steps that were sent may have been done or not. `next` goes on with finding out, on another connection.
  void on_connection_lost();
  /// There is no connection: all that is not answered is `unavailable`.
  void on_unreachable(const std::string& detail);

private:
  struct batch;

  [[nodiscard]] batch& take_sent();

  planner_limits limits_;
  std::deque<std::unique_ptr<batch>> batches_;
  /// Whose step the database works at, oldest first; at most one for each batch.
  std::deque<batch*> sent_;
  /// Conversations of all batches.
  std::unordered_set<conversation_id> conversations_;
  known_heads heads_;
};

} // namespace parley::persistence::postgres
