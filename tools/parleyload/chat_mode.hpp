/// `parleyload chat`: pairs of users that write to each other, and the check that nothing gets lost.

#pragma once

#include <vector>

#include "tools/parleyload/chat_report.hpp"
#include "tools/parleyload/options.hpp"
#include "tools/parleyload/pair.hpp"
#include "tools/parleyload/server_watch.hpp"

namespace parley::load {

class chat_mode {
public:
  explicit chat_mode(const chat_options& options);

  /// Connects, sends, waits for what is under way, checks. Takes as long as all that. An error when it could not begin:
  /// no pair could connect, or the machine does not have the room.
  [[nodiscard]] result<chat_report> run();

private:
  [[nodiscard]] result<void> prepare();
  [[nodiscard]] result<void> connect();
  void start_next_pair(instant now);
  void send();
  void send_until(instant end);
  /// Forgets what was measured so far.
  void begin_measuring();
  void release_scheduled(instant now);
  [[nodiscard]] instant next_scheduled() const;
  void drain();
  void close();
  /// One turn of the loop, until `until` at the latest, and what has become due since.
  void turn(instant until);
  [[nodiscard]] pair::way_in way_in(std::uint32_t index, char side, std::size_t connection) const;

  chat_options options_;
  chat_run run_;
  server_watch servers_;
  std::vector<std::unique_ptr<pair>> pairs_;
  std::size_t started_ = 0;    // pairs that were told to connect
  std::uint64_t released_ = 0; // messages whose scheduled time has come, over all pairs
  instant tended_at_{};
  // When measuring began.
  instant measured_since_{};
  std::uint64_t completed_before_ = 0;
  std::optional<process_usage> own_before_, server_before_;
  chat_report report_;
};

} // namespace parley::load
