/// The conversation for scripts: one line for each message sent or received, nothing else.

#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "tools/parleyctl/chat_view.hpp"

namespace parley::ctl {

class script_view final : public chat_view {
public:
  /// Prints at most `listen_max` messages of others.
  script_view(bool as_json, std::size_t listen_max) : as_json_{as_json}, left_{listen_max} {}

  /// Messages still to be heard.
  [[nodiscard]] std::size_t left() const { return left_; }
  [[nodiscard]] const std::optional<std::string>& refused() const { return refused_; }

  void show_entry(const shown_entry& entry) override;
  [[nodiscard]] bool wants_more() const override { return left_ > 0; }
  void show_progress(progress, const shown_entry&) override {}
  void show_sent(const sent_message& message) override;
  void show_refused(const std::string& text, const std::string& why) override;
  void show_notice(const std::string&) override {}

private:
  bool as_json_;
  std::size_t left_;
  std::optional<std::string> refused_;
};

} // namespace parley::ctl
