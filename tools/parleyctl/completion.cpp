#include "tools/parleyctl/completion.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace parley::ctl {

namespace {

// A command and the words that lead to it, each with a space in front: ` group add`. All three shells find out where
// they are by adding words to such a place as long as there is a command of that name.
struct place {
  std::string words;
  const command_words* command = nullptr;
};

void add_places(std::vector<place>& places, std::string words, const command_words& command) {
  places.push_back({words, &command});
  for (const auto& below : command.commands) add_places(places, fmt::format("{} {}", words, below.name), below);
}

std::vector<place> places_of(const command_words& program) {
  std::vector<place> places;
  add_places(places, "", program);
  return places;
}

// As a word of bash and zsh.
std::string quoted(std::string_view text) {
  std::string safe = "'";
  for (const auto c : text) safe += c == '\'' ? std::string{"'\\''"} : std::string{c};
  return safe + "'";
}

std::string quoted_for_fish(std::string_view text) {
  std::string safe = "'";
  for (const auto c : text) {
    if (c == '\'' || c == '\\') safe += '\\';
    safe += c;
  }
  return safe + "'";
}

// The places below the program itself.
std::vector<std::string> places_quoted(const std::vector<place>& places) {
  std::vector<std::string> names;
  std::transform(places.begin() + 1, places.end(), std::back_inserter(names),
                 [](const place& each) { return quoted(each.words); });
  return names;
}

std::vector<std::string> command_names(const command_words& command) {
  std::vector<std::string> names;
  for (const auto& below : command.commands) names.push_back(below.name);
  return names;
}

std::vector<std::string> flag_names(const command_words& command) {
  std::vector<std::string> names;
  for (const auto& flag : command.flags) names.insert(names.end(), flag.names.begin(), flag.names.end());
  return names;
}

std::vector<std::string> flag_names(const command_words& command, flag_value value) {
  std::vector<std::string> names;
  for (const auto& flag : command.flags)
    if (flag.value == value) names.insert(names.end(), flag.names.begin(), flag.names.end());
  return names;
}

// `name:about`, as zsh's _describe wants it.
std::vector<std::string> commands_described(const command_words& command) {
  std::vector<std::string> described;
  for (const auto& below : command.commands) described.push_back(quoted(below.name + ":" + below.about));
  return described;
}

std::vector<std::string> flags_described(const command_words& command) {
  std::vector<std::string> described;
  for (const auto& flag : command.flags)
    for (const auto& name : flag.names) described.push_back(quoted(name + ":" + flag.about));
  return described;
}

} // namespace

std::string bash_completion(const command_words& program) {
  const auto places = places_of(program);
  auto script = fmt::format(R"(# Completes the words of {0} in bash.
_{0}() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}}
  local place= each commands= flags= values= files=
  for each in "${{COMP_WORDS[@]:1:COMP_CWORD - 1}}"; do
    case "$place $each" in
    {1}) place+=" $each" ;;
    esac
  done
  case $place in
)",
                            program.name, fmt::join(places_quoted(places), " | "));
  for (const auto& [words, command] : places)
    script += fmt::format("  {})\n    commands='{}'\n    flags='{}'\n    values='{}'\n    files='{}'\n    ;;\n",
                          quoted(words), fmt::join(command_names(*command), " "), fmt::join(flag_names(*command), " "),
                          fmt::join(flag_names(*command, flag_value::any), " "),
                          fmt::join(flag_names(*command, flag_value::file), " "));
  return script + fmt::format(R"(  esac
  COMPREPLY=()
  case " $files " in
  *" $before "*)
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
    return
    ;;
  esac
  case " $values " in
  *" $before "*) return ;;
  esac
  [[ $word == -* ]] || flags=$commands
  mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$word")
}}
complete -F _{0} {0}
)",
                              program.name);
}

std::string zsh_completion(const command_words& program) {
  const auto places = places_of(program);
  auto script = fmt::format(R"(#compdef {0}
# Completes the words of {0} in zsh.
_{0}() {{
  local before=${{words[CURRENT-1]}} place= each
  local -a below flags values files
  for each in "${{(@)words[2,CURRENT-1]}}"; do
    case "$place $each" in
    ({1}) place+=" $each" ;;
    esac
  done
  case $place in
)",
                            program.name, fmt::join(places_quoted(places), " | "));
  for (const auto& [words, command] : places)
    script += fmt::format(
        "  ({})\n    below=({})\n    flags=({})\n    values=({})\n    files=({})\n    ;;\n", quoted(words),
        fmt::join(commands_described(*command), " "), fmt::join(flags_described(*command), " "),
        fmt::join(flag_names(*command, flag_value::any), " "), fmt::join(flag_names(*command, flag_value::file), " "));
  return script + fmt::format(R"(  esac
  if (( $files[(Ie)$before] )); then
    _files
  elif (( $values[(Ie)$before] )); then
    _message value
  elif [[ $PREFIX == -* ]]; then
    _describe -o flag flags
  else
    _describe command below
  fi
}}
if [[ $funcstack[1] == _{0} ]]; then _{0} "$@"; else compdef _{0} {0}; fi
)",
                              program.name);
}

std::string fish_completion(const command_words& program) {
  const auto places = places_of(program);
  auto script = fmt::format(R"(# Completes the words of {0} in fish.
function __{0}_is_at
  set -l place
  set -l words (commandline -opc)
  set -e words[1]
  for each in $words
    contains -- "$place $each" {1}
    and set place "$place $each"
  end
  test "$place" = "$argv[1]"
end
complete -c {0} -f
)",
                            program.name, fmt::join(places_quoted(places), " "));
  for (const auto& [words, command] : places) {
    const auto here = fmt::format("complete -c {0} -n \"__{0}_is_at '{1}'\"", program.name, words);
    for (const auto& below : command->commands)
      script += fmt::format("{} -a {} -d {}\n", here, below.name, quoted_for_fish(below.about));
    for (const auto& flag : command->flags) {
      script += here;
      for (const auto& name : flag.names)
        script +=
            name.starts_with("--") ? fmt::format(" -l {}", name.substr(2)) : fmt::format(" -s {}", name.substr(1));
      if (flag.value == flag_value::any) script += " -x";
      if (flag.value == flag_value::file) script += " -r -F";
      script += fmt::format(" -d {}\n", quoted_for_fish(flag.about));
    }
  }
  return script;
}

} // namespace parley::ctl
