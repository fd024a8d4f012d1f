/// The conversation for a person: a line for each message, the prompt below.
///
/// Lines are edited by the terminal itself, so what is being typed is unknown here. One's own message takes the place
/// of the line that was typed, and its tick changes, as long as nothing was printed below; else the news is a line of
/// its own. Without a terminal there is no prompt and nothing is replaced.

#pragma once

#include <string>

#include "tools/parleyctl/chat_view.hpp"

namespace parley::ctl {

class terminal_view final : public chat_view {
public:
  /// `is_terminal`: stdout and stdin both are.
  terminal_view(std::string self, bool is_terminal) : self_{std::move(self)}, is_terminal_{is_terminal} {}

  void show_prompt();
  /// A line was typed: it stands above the prompt now.
  void line_entered(const std::string& line);
  /// Nothing will be typed any more.
  void end_prompt();

  void show_entry(const shown_entry& entry) override;
  [[nodiscard]] bool wants_more() const override { return true; }
  void show_progress(progress reached, const shown_entry& newest) override;
  void show_sent(const sent_message&) override {}
  void show_refused(const std::string& text, const std::string& why) override;
  void show_notice(const std::string& text) override;

private:
  /// What stands in the row above the prompt.
  enum class last_row { other, typed, own };

  void print(const std::string& line, last_row what);
  void replace_last(const std::string& line);
  [[nodiscard]] std::string line_of(const shown_entry& entry, progress reached) const;
  [[nodiscard]] std::string dim(const std::string& text) const;

  std::string self_;
  bool is_terminal_;
  last_row last_ = last_row::other;
  seq_no last_own_ = 0;
};

} // namespace parley::ctl
