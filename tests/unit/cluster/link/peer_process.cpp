#include "tests/unit/cluster/link/peer_process.hpp"

#include <array>
#include <csignal>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace parley::tests {

namespace {

std::string read_line(int from) {
  std::string line;
  char one = 0;
  while (::read(from, &one, 1) == 1 && one != '\n') line += one;
  return line;
}

} // namespace

peer_process::peer_process(const std::string& node, std::uint64_t incarnation, const test_node& other) {
  std::array<int, 2> input{};
  std::array<int, 2> output{};
  if (::pipe2(input.data(), O_CLOEXEC) != 0 || ::pipe2(output.data(), O_CLOEXEC) != 0)
    throw std::runtime_error{"no pipes"};
  std::vector<std::string> words{PARLEY_LINK_PEER,
                                 node,
                                 std::to_string(incarnation),
                                 other.options.node,
                                 std::to_string(other.options.incarnation),
                                 other.address()};
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
  const auto failed = ::posix_spawn(&process_, PARLEY_LINK_PEER, &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(input[0]);
  ::close(output[1]);
  input_ = input[1];
  if (failed == 0) address_ = read_line(output[0]);
  ::close(output[0]);
  if (address_.empty()) throw std::runtime_error{"link_peer does not start"};
}

peer_process::~peer_process() {
  if (input_ >= 0) ::close(input_);
  if (process_ < 0) return;
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
}

void peer_process::send(int signal) const { ::kill(process_, signal); }

int peer_process::end() {
  ::close(std::exchange(input_, -1));
  int status = 0;
  ::waitpid(std::exchange(process_, -1), &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

} // namespace parley::tests
