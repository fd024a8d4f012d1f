#include "tools/parleyctl/terminal_view.hpp"

#include <cstdio>
#include <ctime>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tools/parleyctl/entry_text.hpp"

namespace parley::ctl {

namespace {

constexpr std::string_view prompt = "> ";
constexpr std::string_view erase_row = "\r\033[2K", row_up = "\033[A", remember_place = "\0337",
                           return_to_place = "\0338";

std::string_view tick(progress reached) {
  switch (reached) {
  case progress::sent: return "✓ sent";
  case progress::delivered: return "✓✓ delivered";
  case progress::read: return "✓✓ read";
  }
  return "";
}

std::string time_of_day(std::int64_t ts) {
  const auto seconds = static_cast<std::time_t>(ts / 1000);
  std::tm local{};
  ::localtime_r(&seconds, &local);
  return fmt::format("{:02}:{:02}", local.tm_hour, local.tm_min);
}

// Whether `text` surely takes one row: a byte is never wider than a cell.
bool fits_a_row(std::size_t bytes) {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && bytes < size.ws_col;
}

void write_out(const std::string& text) {
  fmt::print("{}", text);
  std::fflush(stdout);
}

} // namespace

void terminal_view::show_prompt() {
  if (is_terminal_) write_out(std::string{prompt});
}

void terminal_view::line_entered(const std::string& line) {
  last_ = fits_a_row(prompt.size() + line.size()) ? last_row::typed : last_row::other;
  show_prompt();
}

void terminal_view::end_prompt() {
  if (is_terminal_) write_out(std::string{erase_row});
  is_terminal_ = false;
}

void terminal_view::show_entry(const shown_entry& entry) {
  const auto line = line_of(entry, entry.reached);
  const auto what = entry.is_own && entry.is_message && fits_a_row(line.size()) ? last_row::own : last_row::other;
  if (what == last_row::own) last_own_ = entry.seq;
  if (what == last_row::own && last_ == last_row::typed)
    replace_last(line);
  else
    print(line, what);
  last_ = what;
}

void terminal_view::show_progress(progress reached, const shown_entry& newest) {
  if (is_terminal_ && last_ == last_row::own && last_own_ == newest.seq) return replace_last(line_of(newest, reached));
  print(dim(fmt::format("      {}: {}", tick(reached), printable(newest.text))), last_row::other);
}

void terminal_view::show_refused(const std::string& text, const std::string& why) {
  print(dim(fmt::format("      not sent ({}): {}", printable(why), printable(text))), last_row::other);
}

void terminal_view::show_notice(const std::string& text) { print(dim("      " + printable(text)), last_row::other); }

void terminal_view::print(const std::string& line, last_row what) {
  if (!is_terminal_) return write_out(line + '\n');
  write_out(fmt::format("{}{}\n{}", erase_row, line, prompt));
  last_ = what;
}

// The row of the prompt, and what is being typed in it, stay as they are.
void terminal_view::replace_last(const std::string& line) {
  if (!is_terminal_) return write_out(line + '\n');
  write_out(fmt::format("{}{}{}{}{}", remember_place, row_up, erase_row, line, return_to_place));
}

std::string terminal_view::line_of(const shown_entry& entry, progress reached) const {
  const auto text = printable(entry.text);
  if (!entry.is_message) return dim(fmt::format("{} {} {}", time_of_day(entry.ts), entry.from, text));
  if (!entry.is_own) return fmt::format("{} {}: {}", time_of_day(entry.ts), entry.from, text);
  return fmt::format("{} {}: {}  {}", time_of_day(entry.ts), self_, text, dim(std::string{tick(reached)}));
}

std::string terminal_view::dim(const std::string& text) const {
  return is_terminal_ ? fmt::format("\033[2m{}\033[0m", text) : text;
}

} // namespace parley::ctl
