/// A device that follows the protocol and checks what it is sent: every entry once and in order, counters without
/// holes, one acknowledgement a request and before its push; after a resume exactly what it missed; of conversations in
/// pull mode the newest head.

#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/unit/core/model_log.hpp"

namespace parley::tests {

/// A frame on its way to the device. Entries read `c=<conversation> seq=<seq> live` or `… logged`, a page of history
/// `history c=<conversation> first=<seq> last=<seq> head=<seq>`, everything else is the protocol's.
struct sent_frame {
  std::string text;
  /// 0: it carries none.
  std::uint64_t s = 0;
  /// A live entry: its push had reached the window when this was queued.
  bool pushed_before = false;
};

class model_device {
public:
  explicit model_device(const model_logs& logs) : logs_{logs} {}

  /// The device has conversation `c` up to `position`.
  void start_at(std::size_t c, seq_no position);
  void receive(const sent_frame& frame);

  /// Pages of history it asks for: (conversation, after).
  std::vector<std::pair<std::size_t, seq_no>> take_requests() { return std::exchange(requests_, {}); }

  /// Everything up to here it has; a resume begins behind it.
  [[nodiscard]] std::uint64_t last_s() const { return last_s_; }
  /// The transport is gone.
  void cut() { requests_.clear(); }
  /// It has come back, and takes that for `synced`.
  void resume() { synced_ = true; }
  /// Another session begins. Where the device stands in `c` it begins again.
  void begin_again();
  [[nodiscard]] seq_no position(std::size_t c);

  /// To be called when nothing is under way any more.
  void check_complete();
  void check_hinted(std::size_t c, seq_no head);

  /// The first thing that was wrong; empty: nothing.
  [[nodiscard]] const std::string& violation() const { return violation_; }
  [[nodiscard]] std::size_t gaps() const { return gaps_; }
  [[nodiscard]] std::size_t lags() const { return lags_; }

private:
  struct place {
    /// Everything up to here is there.
    seq_no position = 0;
    /// Entries that came as an acknowledgement, with echo:false.
    std::set<seq_no> acknowledged_only;
    std::set<seq_no> acknowledged;
    /// Own entries that were passed over: their acknowledgement was lost, so they are pushed in a resume.
    std::set<seq_no> owed;
    /// In pull mode: the newest head that was hinted.
    seq_no hinted = 0;
  };

  void on_entry(std::size_t c, seq_no seq, const sent_frame& frame);
  void on_ack(std::size_t c, seq_no seq);
  void on_history(std::size_t c, std::string_view text);
  void on_lag(std::string_view text);
  void skip_acknowledged(place& where);
  place& place_of(std::size_t c);
  void object(std::string what);

  const model_logs& logs_;
  std::vector<place> places_;
  std::uint64_t last_s_ = 0;
  bool synced_ = false;
  std::vector<std::pair<std::size_t, seq_no>> requests_;
  std::size_t gaps_ = 0;
  std::size_t lags_ = 0;
  std::string violation_;
};

} // namespace parley::tests
