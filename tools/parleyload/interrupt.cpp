#include "tools/parleyload/interrupt.hpp"

#include <csignal>

namespace parley::load {

namespace {

volatile std::sig_atomic_t interrupted = 0;

} // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = [](int) { interrupted = 1; };
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

bool was_interrupted() { return interrupted != 0; }

} // namespace parley::load
