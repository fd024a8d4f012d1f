#include <CLI/CLI.hpp>

#include "tools/parleyctl/chat_command.hpp"

using namespace parley::ctl;

int main(int count, char** words) {
  CLI::App program{"The command line of Parley", "parleyctl"};
  program.require_subcommand(1);
  chat_options chat;
  auto* const chat_command = declare_chat(program, chat);
  try {
    program.parse(count, words);
  } catch (const CLI::ParseError& trouble) {
    return program.exit(trouble) == 0 ? 0 : 1;
  }
  return chat_command->parsed() ? run_chat(chat) : 1;
}
