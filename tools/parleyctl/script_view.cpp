#include "tools/parleyctl/script_view.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include "tools/parleyctl/entry_text.hpp"
#include "tools/parleyctl/outcome.hpp"

namespace parley::ctl {

namespace json = boost::json;

void script_view::show_entry(const shown_entry& entry) {
  if (entry.is_own || !entry.is_message || left_ == 0) return;
  --left_;
  if (!as_json_) return print_line(fmt::format("{}: {}", entry.from, printable(entry.text)));
  print_line(json::serialize(json::object{{"type", "message"},
                                          {"conversation", entry.conversation},
                                          {"seq", entry.seq},
                                          {"id", fmt::format("{}:{}", entry.conversation, entry.seq)},
                                          {"from", entry.from},
                                          {"text", entry.text},
                                          {"ts", entry.ts}}));
}

void script_view::show_sent(const sent_message& message) {
  if (!as_json_) return print_line(message.id);
  print_line(json::serialize(json::object{{"type", "ack"},
                                          {"conversation", message.conversation},
                                          {"seq", message.seq},
                                          {"id", message.id},
                                          {"clientId", message.client_id},
                                          {"ts", message.ts},
                                          {"duplicate", message.duplicate}}));
}

void script_view::show_refused(const std::string&, const std::string& why) {
  if (!refused_) refused_ = why;
}

} // namespace parley::ctl
