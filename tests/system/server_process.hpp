/// A real parleyd: started, stopped, killed and started again with the same data.
///
/// The program is the one that the environment variable PARLEYD names. What goes wrong here throws `std::runtime_error`
/// with what the server wrote to stderr. Belongs to the thread that made it: the server dies with that thread.

#pragma once

#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "tests/contract/temporary_directory.hpp"

namespace parley::tests {

/// How a process ended: by itself with `code`, or by `signal`.
struct process_end {
  int code = 0;
  int signal = 0;

  friend bool operator==(const process_end&, const process_end&) = default;
};

struct server_options {
  /// As `section.key=value`.
  std::vector<std::string> settings;
  std::vector<std::string> listen{"127.0.0.1:0"};
  /// The data directory; nothing: a temporary one.
  std::optional<std::filesystem::path> data;
  /// Further flags, such as `--migrate-only`.
  std::vector<std::string> flags;
};

class server_process {
public:
  /// Nothing runs yet.
  explicit server_process(server_options options);
  server_process(const server_process&) = delete;
  server_process& operator=(const server_process&) = delete;
  /// Ends what still runs.
  ~server_process();

  /// Waits until the server accepts clients.
  void start();
  /// Starts a server from which no readiness is expected, and waits for its end.
  process_end run_to_end();
  void ask_to_end(int signal = SIGTERM);
  /// Waits until it has ended by itself; throws when that takes too long.
  process_end wait_for_end();
  process_end stop() { return ask_to_end(), wait_for_end(); }
  /// Ends it as a power failure would.
  void kill();
  [[nodiscard]] bool is_running() const { return pid_ > 0; }

  /// The server's files may not grow beyond this from now on, as if the disk were full; nothing: they may again.
  void limit_file_size(std::optional<std::uint64_t> bytes);

  /// `http://HOST:PORT` of the first listener; another one after each start.
  [[nodiscard]] const std::string& url() const { return url_; }
  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] std::filesystem::path data() const { return options_.data.value_or(directory_.path() / "data"); }
  /// The ready line, or whatever it printed on stdout.
  [[nodiscard]] const std::string& output() const { return output_; }
  /// Everything that this and earlier runs wrote to stderr.
  [[nodiscard]] std::string log() const;

private:
  void spawn();
  void wait_until_ready();
  [[nodiscard]] std::optional<process_end> reap(std::chrono::milliseconds within);
  [[nodiscard]] std::string failure(const std::string& what) const;

  server_options options_;
  temporary_directory directory_;
  pid_t pid_ = 0;
  int stdout_ = -1;
  std::string output_;
  std::string url_;
};

} // namespace parley::tests
