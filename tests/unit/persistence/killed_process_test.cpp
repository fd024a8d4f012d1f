/// What another process leaves behind that was killed in the middle of its work.

#include <array>
#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "persistence/open.hpp"
#include "tests/contract/sample.hpp"
#include "tests/contract/temporary_directory.hpp"

namespace parley::tests {

namespace {

const auto lunch = conversation_number(1);

/// A process that opens the database and appends forever. It says every seq after it was committed.
class writing_process {
public:
  explicit writing_process(const std::filesystem::path& file) {
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    process_ = fork();
    if (process_ == 0) append_forever(file, ends[1]);
    close(ends[1]);
    from_ = ends[0];
  }
  writing_process(const writing_process&) = delete;
  writing_process& operator=(const writing_process&) = delete;
  ~writing_process() {
    kill();
    close(from_);
  }

  /// The next committed seq; 0 when the process is gone and everything it said was heard.
  [[nodiscard]] seq_no next() const {
    seq_no seq = 0;
    return read(from_, &seq, sizeof seq) == sizeof seq ? seq : 0;
  }

  void kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
    process_ = 0;
  }

  [[nodiscard]] pid_t number() const { return process_; }

private:
  [[noreturn]] static void append_forever(const std::filesystem::path& file, int to) {
    const auto store = persistence::open_sqlite(file);
    for (seq_no seq = 1; store; ++seq) {
      if (!is<committed>(store->log->write(std::vector{messages(lunch, seq, 1)}).front())) break;
      if (::write(to, &seq, sizeof seq) != sizeof seq) break;
    }
    _exit(1);
  }

  pid_t process_ = 0;
  int from_ = -1;
};

} // namespace

TEST_CASE("sqlite: a second process is refused and told who is there, until the first one is gone") {
  const temporary_directory directory;
  const auto file = directory.path() / "parley.db";
  writing_process first{file};
  REQUIRE(first.next() == 1);
  const auto refused = persistence::open_sqlite(file);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::conflict);
  CHECK(refused.error().detail == file.string() + " is in use by process " + std::to_string(first.number()));
  first.kill();
  CHECK(persistence::open_sqlite(file));
}

TEST_CASE("sqlite: a second opening in the same process is refused, until the first one is closed") {
  const temporary_directory directory;
  const auto file = directory.path() / "parley.db";
  auto first = persistence::open_sqlite(file);
  REQUIRE(first);
  CHECK_FALSE(persistence::open_sqlite(file));
  first->log.reset();
  first->accounts.reset();
  first->files.reset();
  CHECK_FALSE(persistence::open_sqlite(file));
  first->devices.reset();
  CHECK(persistence::open_sqlite(file));
}

TEST_CASE("sqlite: a killed process loses nothing that it had acknowledged") {
  const temporary_directory directory;
  const auto file = directory.path() / "parley.db";
  writing_process writer{file};
  seq_no acknowledged = 0;
  while (acknowledged < 50) acknowledged = writer.next();
  writer.kill();
  for (auto seq = acknowledged; seq != 0; seq = writer.next()) acknowledged = seq;

  const auto store = persistence::open_sqlite(file).value();
  const auto log = whole_log(*store.log, lunch);
  REQUIRE(log.size() >= acknowledged);
  CHECK(log.size() <= acknowledged + 1);
  for (seq_no seq = 1; seq <= acknowledged; ++seq) CHECK(log.at(seq - 1) == message(lunch, seq));
}

} // namespace parley::tests
