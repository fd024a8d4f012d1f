#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>

#include <fmt/format.h>

#include "tests/postgres_server.hpp"
#include "tests/system/chat.hpp"
#include "tests/system/stubborn_writer.hpp"

namespace parley::tests {

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

/// From the return of the database to the first acknowledgement.
constexpr auto return_within = 3s;

/// A node on a database of its own, and three people who write without pause.
class stricken_node {
  std::unique_ptr<postgres_server> made_;

public:
  explicit stricken_node(std::unique_ptr<postgres_server> made = std::make_unique<postgres_server>())
      : made_{std::move(made)},
        node_{{"store.kind=postgres", "postgres.url=" + server.url(server.make_database()), "limits.send_rate=0",
               "limits.history_rate=0", "limits.frame_rate=0"}} {
    node_.introduce({"zoe"});
    for (const auto* user : {"ann", "bob", "cy"})
      writers_.push_back(std::make_unique<stubborn_writer>(node_, user, "zoe"));
    for (auto& one : writers_) threads_.emplace_back([&one](const std::stop_token& stop) { one->run(stop); });
    await_progress(100);
  }

  postgres_server& server{*made_};

  [[nodiscard]] const running_node& node() const { return node_; }
  [[nodiscard]] int acknowledged() const { return sum(&stubborn_writer::acknowledged); }
  [[nodiscard]] int refused() const { return sum(&stubborn_writer::refused); }

  void await_progress(int count) const {
    const auto before = acknowledged();
    REQUIRE(eventually([&] { return acknowledged() >= before + count; }));
  }
  void await_refusals(int count) const {
    const auto before = refused();
    REQUIRE(eventually([&] { return refused() >= before + count; }));
  }
  /// The database is there again; answers how long it took until something was acknowledged.
  void check_return(steady::time_point since) const {
    await_progress(1);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(steady::now() - since);
    MESSAGE("acknowledged again after ", took.count(), " ms");
    CHECK(took < return_within);
    await_progress(100);
  }
  /// Lets everybody finish and compares what they were told with the log.
  void check_truth() {
    for (auto& thread : threads_) thread.request_stop();
    threads_.clear();
    for (const auto& one : writers_) {
      CHECK(one->failure() == "");
      for (const auto& line : one->differences(node_)) FAIL_CHECK(line);
    }
    MESSAGE(acknowledged(), " acknowledged, ", refused(), " refused");
  }

private:
  [[nodiscard]] int sum(int (stubborn_writer::*what)() const) const {
    int all = 0;
    for (const auto& one : writers_) all += ((*one).*what)();
    return all;
  }

  running_node node_;
  std::vector<std::unique_ptr<stubborn_writer>> writers_;
  std::vector<std::jthread> threads_;
};

/// A server whose disk is full while `flag` is there.
std::unique_ptr<postgres_server> server_with_disk(const std::filesystem::path& library,
                                                  const std::filesystem::path& flag) {
  struct environment {
    environment(const std::filesystem::path& preload, const std::filesystem::path& full) {
      setenv("LD_PRELOAD", preload.c_str(), 1);
      setenv("PARLEY_FULL_DISK", full.c_str(), 1);
    }
    environment(const environment&) = delete;
    environment& operator=(const environment&) = delete;
    ~environment() {
      unsetenv("LD_PRELOAD");
      unsetenv("PARLEY_FULL_DISK");
    }
  };
  const environment during{library, flag};
  return std::make_unique<postgres_server>();
}

} // namespace

TEST_CASE("postgres: while it is stopped sends answer unavailable, and sockets and presence stay") {
  stricken_node chat;
  auto dan = chat.node().online("ann", "?device=tablet");
  chat.server.stop();
  chat.await_refusals(20);
  CHECK(dan.ask(R"({"type":"ping"})")["type"] == "pong");
  CHECK(chat.node().http().get("/healthz").status == 200);
  CHECK(chat.node().http().get("/readyz").status == 503);

  chat.server.start();
  chat.check_return(steady::now());
  CHECK(eventually([&] { return chat.node().http().get("/readyz").status == 200; }));
  chat.check_truth();
}

TEST_CASE("postgres: it is killed, and nothing acknowledged is lost or stored twice") {
  stricken_node chat;
  for (int round = 0; round < 2; ++round) {
    chat.server.kill();
    chat.await_refusals(1);
    chat.server.start();
    chat.check_return(steady::now());
  }
  chat.check_truth();
}

TEST_CASE("postgres: it is restarted again and again") {
  stricken_node chat;
  for (int round = 0; round < 4; ++round) {
    chat.server.stop();
    chat.server.start();
    chat.check_return(steady::now());
  }
  chat.check_truth();
}

TEST_CASE("postgres: connections are terminated in the middle of commits") {
  stricken_node chat;
  for (int round = 0; round < 40; ++round) {
    chat.server.run("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                    " WHERE application_name LIKE 'parley%' AND pid <> pg_backend_pid()");
    chat.await_progress(1);
  }
  chat.check_truth();
}

TEST_CASE("postgres: its disk is full for a while") {
  const temporary_directory folder;
  std::filesystem::permissions(folder.path(), std::filesystem::perms{0755});
  // A place that the user of the server can read.
  std::filesystem::copy_file(PARLEY_FULL_DISK_LIBRARY, folder.path() / "full_disk.so");
  const auto flag = folder.path() / "full";
  stricken_node chat{server_with_disk(folder.path() / "full_disk.so", flag)};

  std::ofstream{flag}.put('1');
  chat.await_refusals(20);
  std::filesystem::remove(flag);
  chat.check_return(steady::now());
  chat.check_truth();
}

} // namespace parley::tests
