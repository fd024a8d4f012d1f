#include "tests/system/server_process.hpp"

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/system/deadline.hpp"

namespace parley::tests {

namespace {

std::string program() {
  const auto* path = std::getenv("PARLEYD");
  if (path == nullptr) throw std::runtime_error{"the environment variable PARLEYD must name the server's program"};
  return path;
}

[[noreturn]] void fail_by_errno(const char* what) { throw std::system_error{errno, std::generic_category(), what}; }

/// In the child, between fork and exec: only what is allowed there.
[[noreturn]] void become(const std::vector<char*>& arguments, int output, int log) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // A write beyond the limit fails instead of ending the process, as on a full disk.
  std::signal(SIGXFSZ, SIG_IGN);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  dup2(output, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  execv(arguments.front(), arguments.data());
  _exit(127);
}

} // namespace

server_process::server_process(server_options options) : options_{std::move(options)} {}

server_process::~server_process() {
  if (!is_running()) return;
  ::kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  ::close(stdout_);
}

void server_process::spawn() {
  std::vector<std::string> words{program(), "--data", data().string()};
  for (const auto& address : options_.listen) words.insert(words.end(), {"--listen", address});
  for (const auto& setting : options_.settings) words.insert(words.end(), {"--set", setting});
  words.insert(words.end(), options_.flags.begin(), options_.flags.end());
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);

  const auto log = ::open((directory_.path() / "stderr").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  int ends[2];
  if (log < 0 || pipe2(ends, O_CLOEXEC) != 0) fail_by_errno("cannot start the server");
  output_.clear();
  pid_ = fork();
  if (pid_ < 0) fail_by_errno("cannot start the server");
  if (pid_ == 0) become(arguments, ends[1], log);
  ::close(log);
  ::close(ends[1]);
  stdout_ = ends[0];
}

void server_process::start() {
  spawn();
  wait_until_ready();
}

void server_process::wait_until_ready() {
  const deadline until;
  while (output_.find('\n') == std::string::npos) {
    pollfd readable{stdout_, POLLIN, 0};
    if (poll(&readable, 1, until.left_ms()) <= 0) throw std::runtime_error{failure("was not ready in time")};
    char bytes[256];
    const auto count = ::read(stdout_, bytes, sizeof bytes);
    if (count <= 0) {
      const auto end = reap(until.left());
      throw std::runtime_error{failure(fmt::format("ended with code {} instead of being ready", end ? end->code : -1))};
    }
    output_.append(bytes, static_cast<std::size_t>(count));
  }
  constexpr std::string_view before = "ready http=";
  const auto end_of_first = output_.find_first_of(", ", before.size());
  if (!output_.starts_with(before) || end_of_first == std::string::npos)
    throw std::runtime_error{failure("said " + output_)};
  url_ = output_.substr(before.size(), end_of_first - before.size());
}

std::optional<process_end> server_process::reap(std::chrono::milliseconds within) {
  const deadline until{within};
  int status = 0;
  while (waitpid(pid_, &status, WNOHANG) == 0) {
    if (until.is_over()) return std::nullopt;
    short_pause();
  }
  pid_ = 0;
  for (char bytes[256];;) {
    const auto count = ::read(stdout_, bytes, sizeof bytes);
    if (count <= 0) break;
    output_.append(bytes, static_cast<std::size_t>(count));
  }
  ::close(stdout_);
  if (WIFSIGNALED(status)) return process_end{.signal = WTERMSIG(status)};
  return process_end{.code = WEXITSTATUS(status)};
}

process_end server_process::run_to_end() {
  spawn();
  return wait_for_end();
}

void server_process::ask_to_end(int signal) { ::kill(pid_, signal); }

process_end server_process::wait_for_end() {
  const auto end = reap(default_patience);
  if (!end) throw std::runtime_error{failure("did not end in time")};
  return *end;
}

void server_process::kill() {
  ask_to_end(SIGKILL);
  (void)wait_for_end();
}

void server_process::limit_file_size(std::optional<std::uint64_t> bytes) {
  rlimit limit{};
  if (prlimit(pid_, RLIMIT_FSIZE, nullptr, &limit) != 0) fail_by_errno("cannot read the limit");
  limit.rlim_cur = bytes ? *bytes : limit.rlim_max;
  if (prlimit(pid_, RLIMIT_FSIZE, &limit, nullptr) != 0) fail_by_errno("cannot set the limit");
}

std::string server_process::log() const {
  std::ifstream in{directory_.path() / "stderr", std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
}

std::string server_process::failure(const std::string& what) const {
  return fmt::format("parleyd {}; its log:\n{}", what, log());
}

} // namespace parley::tests
