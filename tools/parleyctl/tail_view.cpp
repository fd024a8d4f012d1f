#include "tools/parleyctl/tail_view.hpp"

#include <cstdio>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "tools/parleyctl/entry_text.hpp"
#include "tools/parleyctl/listing.hpp"
#include "tools/parleyctl/outcome.hpp"

namespace parley::ctl {

void tail_view::show_entry(const shown_entry& entry) {
  if (!wants_more()) return;
  if (left_) --*left_;
  print_line(as_json_ ? boost::json::serialize(entry.frame) : entry_line(entry.frame));
}

void tail_view::show_notice(const std::string& text) {
  if (!as_json_) fmt::print(stderr, "{}\n", printable(text));
}

} // namespace parley::ctl
