/// Ctrl-C and SIGTERM ask a run to end early with its report; a second one ends the program at once.

#pragma once

namespace parley::load {

void catch_interrupts();
[[nodiscard]] bool was_interrupted();

} // namespace parley::load
