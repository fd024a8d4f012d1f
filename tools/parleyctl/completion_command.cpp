#include <cstdio>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "tools/parleyctl/commands.hpp"
#include "tools/parleyctl/completion.hpp"
#include "tools/parleyctl/outcome.hpp"

namespace parley::ctl {

void declare_completion(CLI::App& program, command_list& commands) {
  auto* const completion = program.add_subcommand("completion", "Print a script that completes commands in a shell");
  completion->require_subcommand(1);
  const auto add = [&](const char* shell, const char* about, std::string (*script_of)(const command_words&)) {
    const auto* const words = completion->add_subcommand(shell, about);
    commands.push_back({words, [&program, script_of] {
                          fmt::print("{}", script_of(words_of(program)));
                          return done;
                        }});
  };
  add("bash", "Use it by: source <(parleyctl completion bash)", bash_completion);
  add("zsh", "Use it by: source <(parleyctl completion zsh)", zsh_completion);
  add("fish", "Use it by: parleyctl completion fish | source", fish_completion);
}

} // namespace parley::ctl
