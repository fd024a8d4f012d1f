/// The queue towards one device, as a window sees it, written down in short: `1:5/s3` is entry 5 of conversation 1,
/// pushed with counter 3; `ack 1:5`, `gap 1:2-4`, `hint 1:9`, `lag 1 2`, and any other frame by its type.

#pragma once

#include <string>
#include <utility>
#include <vector>

#include <parley/session_window.hpp>

#include "tests/unit/core/sample.hpp"

namespace parley::tests {

class device_queue final : public session_output {
public:
  using transcript = std::vector<std::string>;

  /// Entries are refused while so many frames wait.
  std::size_t frames_max = 1000;
  /// What the window asked for: (conversation, after).
  std::vector<std::pair<conversation_id, seq_no>> needs;

  /// Takes what was put since the last call.
  transcript take() { return std::exchange(waiting_, {}); }

  [[nodiscard]] bool full() const override { return waiting_.size() >= frames_max; }
  void put(std::string frame) override;
  void put(std::shared_ptr<const std::string> open_frame, std::uint64_t s) override;
  void need(const conversation_id& conversation, seq_no after) override { needs.emplace_back(conversation, after); }

private:
  transcript waiting_;
};

/// A window of ann's session `s-1` and its queue.
struct window_fixture {
  explicit window_fixture(resume_limits limits = {}) : window{session_number(1), ann, queue, limits} {}

  device_queue queue;
  session_window window;

  /// The window after an empty replay of `conversations`, each read up to `head`.
  void go_live(const std::vector<conversation_id>& conversations, seq_no head);
  void push(const conversation_id& in, seq_no seq) { window.push(make_live(message(in, seq, bob))); }
  /// The push of an entry that this session asked for.
  void push_own(const conversation_id& in, seq_no seq, bool echo = true);
  void answer_own(const conversation_id& in, seq_no seq);
};

[[nodiscard]] acknowledgement ack_of(const conversation_id& in, seq_no seq);
/// Entries first..last by bob, as they are read from the log.
[[nodiscard]] std::vector<live_entry_ptr> logged(const conversation_id& in, seq_no first, seq_no last);

} // namespace parley::tests
