/// Everything that parleyctl can do: the table of contents of this folder. Each command is in the file of its name.

#pragma once

#include <functional>
#include <vector>

namespace CLI { // NOLINT(readability-identifier-naming): the name is the library's
class App;      // NOLINT(readability-identifier-naming)
} // namespace CLI

namespace parley::ctl {

struct command {
  const CLI::App* words = nullptr;
  /// Gives the exit code: 0 done, 1 an error that was told on stderr, 2 the time was up.
  std::function<int()> run;
};

using command_list = std::vector<command>;

// Each adds itself to the program, and what it does to `commands`. The program has to live as long as they do.

/// A conversation in the terminal, or sent and heard by a script.
void declare_chat(CLI::App& program, command_list& commands);
/// The list of one's conversations.
void declare_conversations(CLI::App& program, command_list& commands);
/// A page of a conversation's log.
void declare_history(CLI::App& program, command_list& commands);
/// The end of a conversation's log, and what is added to it.
void declare_tail(CLI::App& program, command_list& commands);
/// Messages that have certain words.
void declare_search(CLI::App& program, command_list& commands);
/// Groups: making them, their members, their titles.
void declare_group(CLI::App& program, command_list& commands);
/// One's devices, and sending one away.
void declare_devices(CLI::App& program, command_list& commands);
/// Certificates for the nodes of a cluster.
void declare_ca(CLI::App& program, command_list& commands);
/// Scripts that complete the words of all these in a shell.
void declare_completion(CLI::App& program, command_list& commands);

} // namespace parley::ctl
