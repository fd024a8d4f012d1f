/// What others see of one user: a pure state machine over its sessions, its choices and time.
///
/// A user is online or away while a session has a transport, and offline a grace after the last one has gone. One
/// session that is invisible hides all. Changes are told at most once an interval; the last state wins.

#pragma once

#include <optional>
#include <vector>

#include <parley/clock.hpp>
#include <parley/encoder.hpp>

namespace parley::actors {

struct presence_view {
  presence_status status = presence_status::offline;
  /// Absent: never seen.
  std::optional<timestamp> last_seen;

  friend bool operator==(const presence_view&, const presence_view&) = default;
};

class presence_state {
public:
  presence_state(std::chrono::milliseconds grace, std::chrono::milliseconds interval)
      : grace_{grace}, interval_{interval} {}

  /// The session has a transport and shows this; absent: it has none any more.
  void show(const session_id& session, std::optional<presence_choice> choice, timestamp now, instant at);
  /// When the user was last online, as far as the store knows.
  void remember(const std::optional<timestamp>& last_seen);

  [[nodiscard]] presence_view view(timestamp now, instant at) const;
  /// Whether the view has changed since it was last told and may be told now; counts as told.
  [[nodiscard]] bool take_change(instant at);
  /// A last seen time that the store does not have yet; counts as stored.
  [[nodiscard]] std::optional<timestamp> take_last_seen(instant at);
  /// Everybody is gone now, without a grace: the node ends.
  void leave_now(timestamp now);

  /// When there is something to do next.
  [[nodiscard]] std::optional<instant> next(instant at) const;
  [[nodiscard]] bool has_sessions() const { return !sessions_.empty(); }
  /// The last transport has gone, and the grace is not over or its end not stored.
  [[nodiscard]] bool is_leaving() const { return leaving_at_.has_value(); }

private:
  /// What the sessions show, if any of them has a transport and none is invisible.
  [[nodiscard]] std::optional<presence_status> shown() const;
  [[nodiscard]] presence_status status(instant at) const;

  std::chrono::milliseconds grace_;
  std::chrono::milliseconds interval_;
  struct shown_session {
    session_id session;
    presence_choice choice;
  };
  /// Few.
  std::vector<shown_session> sessions_;
  std::optional<timestamp> last_seen_;
  bool last_seen_stored_ = true;
  /// While nobody is there: what was shown before, and until when.
  presence_status before_ = presence_status::offline;
  std::optional<instant> leaving_at_;
  presence_status told_ = presence_status::offline;
  std::optional<instant> told_at_;
};

} // namespace parley::actors
