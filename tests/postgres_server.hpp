/// A PostgreSQL server of this test program's own: in a temporary folder, on a socket in that folder, gone with the
/// program however it ends. Whoever needs it and does not find PostgreSQL fails.
///
/// Threads: one, the one that made it.

#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

#include "tests/contract/temporary_directory.hpp"

namespace parley::tests {

class postgres_server {
public:
  /// Made and running. `settings` as on the command line: `max_connections=20`.
  explicit postgres_server(std::vector<std::string> settings = {});
  postgres_server(const postgres_server&) = delete;
  postgres_server& operator=(const postgres_server&) = delete;
  ~postgres_server();

  /// The one that all tests of a program share; it is made at the first call.
  [[nodiscard]] static postgres_server& shared();

  /// Starts it again, with the data and the address that it had, and waits until it answers.
  void start();
  /// Ends connections and server in good order.
  void stop();
  /// As when the machine fails.
  void kill();
  [[nodiscard]] bool is_running() const { return pid_ > 0; }

  /// A connection string.
  [[nodiscard]] std::string url(const std::string& database = "postgres") const;
  /// Runs SQL; throws when it fails. Returns the first column of the first row, or nothing.
  std::string run(const std::string& sql, const std::string& database = "postgres") const;

  /// A new database, as `model` is. Returns its name.
  [[nodiscard]] std::string make_database(const std::string& model = "template0");
  void drop_database(const std::string& name) const;

private:
  [[nodiscard]] std::string data() const { return (folder_.path() / "data").string(); }
  [[nodiscard]] pid_t launch(const std::vector<std::string>& words) const;
  void end(int signal);
  [[nodiscard]] std::string log() const;

  temporary_directory folder_;
  std::filesystem::path programs_;
  std::vector<std::string> settings_;
  pid_t pid_ = 0;
  int databases_ = 0;
};

} // namespace parley::tests
