/// A log store that remembers the newest entries of conversations that are read, before another store.
///
/// Entries never change but by deletion, and a deletion is an entry itself. So what is remembered is right up to the
/// head that the store was last seen to have, whoever writes the log: a reader first asks for its access, which tells
/// the head and always comes from the store; what is missing up to there is read before anything is answered from
/// memory. Nothing else than `read` and `changes` is.
///
/// Threads: as any log store; conversations are spread over sixteen locks.

#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include <parley/log_store.hpp>

namespace parley::persistence {

struct tail_cache_options {
  /// Entries remembered of one conversation; pages that reach further back are read from the store.
  std::size_t entries_max = 256;
  /// Bytes remembered of all conversations; the longest unused go first.
  std::size_t bytes_max = 64 << 20;
};

/// `before` as a store that remembers.
[[nodiscard]] std::shared_ptr<log_store> remember_tails(std::shared_ptr<log_store> before,
                                                        const tail_cache_options& options = {});

/// Does to `of` what the deletion of `message` at seq `deletion` does to it, if anything.
void erase_content(entry& of, seq_no message, seq_no deletion);

/// The remembered entries of some conversations. One thread at a time.
class tail_shelf {
public:
  explicit tail_shelf(const tail_cache_options& options) : options_{options} {}

  [[nodiscard]] bool has(const conversation_id& conversation) const { return tails_.contains(conversation); }
  /// Appends those of `first`..`last` that are here to `found`, if `first` is; answers the last that was appended.
  seq_no copy(const conversation_id& conversation, seq_no first, seq_no last, std::vector<entry>& found);
  /// Edits, deletions and reactions of first..last up to `head`; nothing if not all of first..head is here.
  [[nodiscard]] std::optional<std::vector<entry>> changes(const conversation_id& conversation, seq_no first,
                                                          seq_no last, seq_no head);
  /// The store has been seen to have entries up to `head`.
  void note_head(const conversation_id& conversation, seq_no head);
  /// The last entry that is here and the last that should be, if these differ.
  [[nodiscard]] std::optional<std::pair<seq_no, seq_no>> gap(const conversation_id& conversation);
  void forget(const conversation_id& conversation);
  /// Consecutive entries of the log, as they were read or written. They are taken in if they follow what is here, or if
  /// they are newer than that.
  void learn(const conversation_id& conversation, const std::vector<entry>& entries);
  /// The content of `message`, and of its edits before `deletion`, goes for good.
  void erase(const conversation_id& conversation, seq_no message, seq_no deletion);

private:
  struct tail {
    /// Consecutive.
    std::deque<entry> entries;
    std::size_t bytes = 0;
    seq_no known_head = 0;
    std::list<conversation_id>::iterator use;

    [[nodiscard]] seq_no first() const { return entries.front().seq; }
    [[nodiscard]] seq_no last() const { return entries.back().seq; }
  };

  [[nodiscard]] tail* find(const conversation_id& conversation);
  void add(tail& to, const entry& one);
  void drop_front(tail& of);
  void make_room();

  tail_cache_options options_;
  std::size_t bytes_ = 0;
  std::unordered_map<conversation_id, tail> tails_;
  /// Longest unused first.
  std::list<conversation_id> uses_;
};

} // namespace parley::persistence
