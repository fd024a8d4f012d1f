/// Keeps this node in the cluster: runs `membership_state` against a store, in real time.
///
/// Two threads of its own: one decides and calls back, one asks the store, which blocks. So a node whose store does not
/// answer still notices in time that it may own nothing.

#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <variant>

#include <parley/clock.hpp>
#include <parley/node_store.hpp>

#include "cluster/membership/membership_state.hpp"

namespace parley::cluster {

/// Called one at a time on the driver's thread. Whoever takes long delays the node's own judgement, not its beat.
struct membership_events {
  /// This node is a member of this view and may own what it gives it. Versions rise; the same one comes again when the
  /// node owned nothing in between.
  std::function<void(const cluster_view&)> on_view;
  /// This node may own nothing until the next view.
  std::function<void()> on_unowned;
  /// It never will again.
  std::function<void(const membership_end&)> on_end;
};

class membership_driver {
public:
  /// Joins at once. `clock` and `store` live as long as it.
  membership_driver(node_identity self, membership_limits limits, std::shared_ptr<node_store> store,
                    std::shared_ptr<const clock> clock, membership_events events);
  membership_driver(const membership_driver&) = delete;
  membership_driver& operator=(const membership_driver&) = delete;
  /// Stops.
  ~membership_driver();

  // Any thread: as of `membership_state`.

  void note_version(std::uint64_t version);
  void note_failure(const node_id& peer, connection_failure how);
  void note_connected(const node_id& peer);
  void set_ready();
  bool drain(const node_id& node);

  /// The newest that was read.
  [[nodiscard]] cluster_view view() const;
  [[nodiscard]] bool may_own() const;

  /// Looks at the clock again; for a clock that is moved by hand.
  void wake();

  /// Leaves the cluster in good order and waits for that. False if it could not be said within `at_most`; the others
  /// will find out. Not from a callback.
  bool leave(std::chrono::milliseconds at_most);
  /// No callback comes afterwards. Waits for the store if it is being asked. The others take this node for dead if it
  /// has not left. Not from a callback.
  void stop();

private:
  using store_answer = std::variant<result<cluster_view>, result<beat_report>, result<void>>;

  void decide();
  void ask();
  [[nodiscard]] store_answer answer_to(const store_request& request);
  void take_answer();
  /// Calls back what is new; the lock is open meanwhile.
  void tell(std::unique_lock<std::mutex>& lock);
  void rest(std::unique_lock<std::mutex>& lock);
  /// Does something with the state and lets the driver look at it.
  template <class Note> auto note(Note note);

  const std::shared_ptr<node_store> store_;
  const std::shared_ptr<const clock> clock_;
  const membership_events events_;

  /// Of all that follows.
  mutable std::mutex mutex_;
  std::condition_variable woken_;
  std::condition_variable asking_;
  std::condition_variable ended_;
  membership_state state_;
  std::optional<store_request> request_;
  std::optional<store_answer> answer_;
  bool is_woken_ = false;
  bool is_stopping_ = false;
  // What was called back.
  std::uint64_t told_version_ = 0;
  bool told_owning_ = false;
  bool told_end_ = false;

  std::thread decider_;
  std::thread asker_;
};

} // namespace parley::cluster
