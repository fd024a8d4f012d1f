#include "tools/parleyctl/completion.hpp"

#include <doctest/doctest.h>

using namespace parley::ctl;

namespace {

const command_words program{
    .name = "prog",
    .about = "",
    .flags = {{.names = {"-h", "--help"}, .about = "Help"}},
    .commands = {{.name = "group",
                  .about = "Groups, it's them",
                  .flags = {},
                  .commands = {{.name = "add",
                                .about = "Add",
                                .flags = {{.names = {"--url"}, .about = "Where: there", .value = flag_value::any},
                                          {.names = {"--key"}, .about = "Key", .value = flag_value::file},
                                          {.names = {"--json"}, .about = "JSON"}},
                                .commands = {}}}}}};

bool has(const std::string& script, std::string_view part) {
  if (script.find(part) != std::string::npos) return true;
  MESSAGE(script);
  return false;
}

} // namespace

TEST_CASE("completion: bash is told the words of every place") {
  const auto script = bash_completion(program);
  CHECK(has(script, "    ' group' | ' group add') place+=\" $each\" ;;\n"));
  CHECK(has(script, "  '')\n    commands='group'\n    flags='-h --help'\n    values=''\n    files=''\n    ;;\n"));
  CHECK(has(script, "  ' group')\n    commands='add'\n    flags=''\n"));
  CHECK(has(script, "  ' group add')\n    commands=''\n    flags='--url --key --json'\n    values='--url'\n"
                    "    files='--key'\n    ;;\n"));
  CHECK(has(script, "complete -F _prog prog\n"));
}

TEST_CASE("completion: zsh is told what the words are about") {
  const auto script = zsh_completion(program);
  CHECK(script.starts_with("#compdef prog\n"));
  CHECK(has(script, R"(    below=('group:Groups, it'\''s them'))"));
  CHECK(has(script, "    flags=('-h:Help' '--help:Help')\n"));
  CHECK(has(script, "  (' group add')\n    below=()\n"
                    "    flags=('--url:Where: there' '--key:Key' '--json:JSON')\n    values=(--url)\n"
                    "    files=(--key)\n    ;;\n"));
}

TEST_CASE("completion: fish has a line for every word") {
  const auto script = fish_completion(program);
  CHECK(has(script, "    contains -- \"$place $each\" ' group' ' group add'\n"));
  CHECK(has(script, "complete -c prog -n \"__prog_is_at ''\" -a group -d 'Groups, it\\'s them'\n"));
  CHECK(has(script, "complete -c prog -n \"__prog_is_at ''\" -s h -l help -d 'Help'\n"));
  CHECK(has(script, "complete -c prog -n \"__prog_is_at ' group add'\" -l url -x -d 'Where: there'\n"));
  CHECK(has(script, "complete -c prog -n \"__prog_is_at ' group add'\" -l key -r -F -d 'Key'\n"));
  CHECK(has(script, "complete -c prog -n \"__prog_is_at ' group add'\" -l json -d 'JSON'\n"));
}
