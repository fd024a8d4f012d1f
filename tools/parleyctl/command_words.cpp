#include "tools/parleyctl/command_words.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>

namespace parley::ctl {

namespace {

flag_words words_of(const CLI::Option& option) {
  flag_words flag{.names = {}, .about = option.get_description()};
  for (const auto& name : option.get_snames()) flag.names.push_back("-" + name);
  for (const auto& name : option.get_lnames()) flag.names.push_back("--" + name);
  if (option.get_items_expected_max() > 0)
    flag.value = option.get_type_name() == "FILE" ? flag_value::file : flag_value::any;
  return flag;
}

bool has_flag(const command_words& command, const flag_words& flag) {
  return std::ranges::any_of(command.flags, [&](const flag_words& own) { return own.names == flag.names; });
}

command_words words_below(const CLI::App& app, const command_words* parent) {
  command_words command{.name = app.get_name(), .about = app.get_description()};
  for (const auto* const option : app.get_options([](const CLI::Option* each) { return each->nonpositional(); }))
    command.flags.push_back(words_of(*option));
  if (parent != nullptr && app.get_fallthrough())
    std::ranges::copy_if(parent->flags, std::back_inserter(command.flags),
                         [&](const flag_words& flag) { return !has_flag(command, flag); });
  for (const auto* const below : app.get_subcommands([](const CLI::App*) { return true; }))
    command.commands.push_back(words_below(*below, &command));
  return command;
}

} // namespace

command_words words_of(const CLI::App& program) { return words_below(program, nullptr); }

} // namespace parley::ctl
