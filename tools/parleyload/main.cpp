#include <cstdio>

#include <fmt/format.h>

#include "tools/parleyload/chat_mode.hpp"
#include "tools/parleyload/interrupt.hpp"

using namespace parley::load;

int main(int count, char** words) {
  const auto options = parse_options(count, words);
  if (!options.chat) return options.exit_code;
  catch_interrupts();

  const auto report = chat_mode{*options.chat}.run();
  if (!report) {
    fmt::print(stderr, "parleyload: {}\n", report.error().detail);
    return 1;
  }
  if (options.chat->json)
    fmt::print("{}\n", as_json(*report, *options.chat));
  else
    fmt::print("{}", as_table(*report, *options.chat));
  return is_clean(report->results) ? 0 : 2;
}
