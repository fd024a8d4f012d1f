/// A conversation that is watched: a line for each entry, whoever wrote it, and no more than wanted.

#pragma once

#include <cstddef>
#include <optional>

#include "tools/parleyctl/chat_view.hpp"

namespace parley::ctl {

class tail_view final : public chat_view {
public:
  /// Prints at most `count` entries; absent: as many as come.
  tail_view(bool as_json, std::optional<std::size_t> count) : as_json_{as_json}, left_{count} {}

  void show_entry(const shown_entry& entry) override;
  [[nodiscard]] bool wants_more() const override { return left_ != std::size_t{0}; }
  void show_progress(progress, const shown_entry&) override {}
  void show_sent(const sent_message&) override {}
  void show_refused(const std::string&, const std::string&) override {}
  /// On stderr, for a person.
  void show_notice(const std::string& text) override;

private:
  bool as_json_;
  std::optional<std::size_t> left_;
};

} // namespace parley::ctl
