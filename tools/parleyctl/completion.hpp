/// Scripts by which a shell completes the words of a program: its commands, their flags, and names of files where a
/// flag wants one.

#pragma once

#include <string>

#include "tools/parleyctl/command_words.hpp"

namespace parley::ctl {

/// For `source <(parleyctl completion bash)`.
[[nodiscard]] std::string bash_completion(const command_words& program);
/// For `source <(parleyctl completion zsh)`, or as a file `_parleyctl` in `fpath`.
[[nodiscard]] std::string zsh_completion(const command_words& program);
/// For `parleyctl completion fish | source`.
[[nodiscard]] std::string fish_completion(const command_words& program);

} // namespace parley::ctl
