#include <cstdio>

#include <fmt/format.h>

#include "tools/parleyload/chat_mode.hpp"
#include "tools/parleyload/interrupt.hpp"
#include "tools/parleyload/modes.hpp"

using namespace parley;
using namespace parley::load;

namespace {

int could_not_start(const error& why) {
  fmt::print(stderr, "parleyload: {}\n", why.detail);
  return 1;
}

int run_and_report(const chat_options& options) {
  const auto report = chat_mode{options}.run();
  if (!report) return could_not_start(report.error());
  if (options.json)
    fmt::print("{}\n", as_json(*report, options));
  else
    fmt::print("{}", as_table(*report, options));
  return is_clean(report->results) ? 0 : 2;
}

int run_and_report(const auto& options) {
  const auto report = run(options);
  if (!report) return could_not_start(report.error());
  if (options.json)
    fmt::print("{}\n", report->found.as_json(report->ok));
  else
    fmt::print("{}", report->found.as_table(report->ok));
  return report->ok ? 0 : 2;
}

} // namespace

int main(int count, char** words) {
  const auto options = parse_options(count, words);
  if (!options.mode) return options.exit_code;
  catch_interrupts();
  return std::visit([](const auto& mode) { return run_and_report(mode); }, *options.mode);
}
