/// Many connections of a run, by number: how they come in, how they are dropped, how they come back.
///
/// Everything happens on the thread that turns the loop. An idle member costs some 600 bytes.

#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tools/parleyload/connection.hpp"
#include "tools/parleyload/histogram.hpp"
#include "tools/parleyload/options.hpp"
#include "tools/parleyload/run_name.hpp"
#include "tools/parleyload/server_watch.hpp"

namespace parley::load {

class crowd_listener {
public:
  /// What member `who` is told, but for what opens and keeps its connection. `frame` is valid during the call.
  virtual void on_frame(std::uint32_t who, const scanned_frame& frame) = 0;

protected:
  ~crowd_listener() = default;
};

struct crowd_shape {
  std::uint32_t members = 1;
  /// The users they belong to in turn, each member a device; 0: one each.
  std::uint32_t users = 0;
  /// Keep the ticket with which a dropped member's session goes on.
  bool resumes = false;
};

/// How a crowd came in.
struct arrival {
  std::uint64_t ready = 0, resumed = 0, failed = 0;
  std::chrono::duration<double> took{0};
  /// From when a member was due to come until it was welcomed and synced.
  histogram latency;
};

class crowd {
public:
  /// `listener` may be null. What it is given outlives it.
  crowd(const target_options& target, const server_watch& servers, crowd_shape shape, crowd_listener* listener);

  /// `too_many` when the process may not open so many files. Before `connect`.
  [[nodiscard]] result<void> prepare() const { return make_room_for(shape_.members); }

  /// Has everybody who is not connected come in, `per_second` of them, and waits until each is in or has failed. At
  /// most `under_way_max` are let in at once, so that the server's listen queue holds them.
  [[nodiscard]] arrival connect(double per_second, std::uint32_t under_way_max);
  /// Breaks all connections off without a word.
  void drop_all();
  /// Says goodbye and waits a moment for it to be heard.
  void close_all();

  void send(std::uint32_t who, std::string_view frame) { members_[who].device->send(frame); }
  /// One turn of the loop, until `until` at the latest.
  void turn(instant until);

  [[nodiscard]] std::uint32_t size() const { return shape_.members; }
  [[nodiscard]] const run_name& name() const { return name_; }
  [[nodiscard]] user_id user(std::uint32_t who) const;
  /// Connections that ended although nobody here wanted it, by reason; refused ones included.
  [[nodiscard]] const std::map<std::string, std::uint64_t, std::less<>>& failures() const { return failures_; }

private:
  struct ticket {
    std::string session, key;
    std::uint64_t s = 0;
  };

  struct member final : connection_owner {
    void on_welcome(connection& which, const scanned_frame& frame) override;
    void on_ready(connection& which) override;
    void on_frame(connection& which, const scanned_frame& frame) override;
    void on_lost(connection& which, const std::string& why) override;

    crowd* all = nullptr;
    std::uint32_t index = 0;
    bool has_resumed = false;
    instant due{};
    std::unique_ptr<connection> device;
    std::unique_ptr<ticket> resume;
  };

  void start(member& who, instant due);
  [[nodiscard]] std::string path_of(const member& who) const;

  const target_options& target_;
  const server_watch& servers_;
  crowd_shape shape_;
  crowd_listener* listener_;
  run_name name_;
  event_loop loop_;
  std::vector<member> members_;
  std::uint32_t under_way_ = 0;
  bool drops_ = false;
  arrival arrival_;
  std::map<std::string, std::uint64_t, std::less<>> failures_;
  instant tended_at_{};
};

} // namespace parley::load
