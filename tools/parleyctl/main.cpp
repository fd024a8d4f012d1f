#include <algorithm>
#include <string>

#include <CLI/CLI.hpp>

#include "tools/parleyctl/commands.hpp"

using namespace parley::ctl;

namespace {

const CLI::App* chosen_in(const CLI::App& program) {
  const auto* chosen = &program;
  while (!chosen->get_subcommands().empty()) chosen = chosen->get_subcommands().front();
  return chosen;
}

} // namespace

int main(int count, char** words) {
  CLI::App program{"The command line of Parley", "parleyctl"};
  program.require_subcommand(1);
  program.failure_message([](const CLI::App*, const CLI::Error& trouble) {
    return std::string{"parleyctl: "} + trouble.what() + " (--help tells more)\n";
  });
  command_list commands;
  for (auto* const declare : {declare_chat, declare_conversations, declare_history, declare_tail, declare_search,
                              declare_group, declare_devices, declare_ca, declare_completion})
    declare(program, commands);
  try {
    program.parse(count, words);
  } catch (const CLI::ParseError& trouble) {
    return program.exit(trouble) == 0 ? 0 : 1;
  }
  const auto chosen = std::ranges::find(commands, chosen_in(program), &command::words);
  return chosen == commands.end() ? 1 : chosen->run();
}
