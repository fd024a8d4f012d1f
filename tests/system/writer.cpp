#include "tests/system/writer.hpp"

#include <set>

#include <fmt/format.h>

#include "tests/system/chat.hpp"

namespace parley::tests {

namespace {

/// Messages under way at once; less than a connection may have in flight.
constexpr std::size_t window = 12;

} // namespace

writer::writer(std::string user, std::vector<std::string> conversations)
    : user_{std::move(user)}, conversations_{std::move(conversations)} {}

void writer::write_until_end(const running_node& node, std::atomic<int>& progress) {
  try {
    auto connected = node.connect(user_, "?replay=none");
    repeat(connected);
    for (;;) {
      while (open_.size() < window) write_next(connected);
      const auto frame = connected.next();
      if (frame["type"] == "ack") ++progress;
      take(frame);
    }
  } catch (const std::exception&) {
    // The connection ended, as it was meant to.
  }
}

void writer::settle(const running_node& node) {
  auto connected = node.connect(user_, "?replay=none");
  repeat(connected);
  while (!open_.empty() && failure_.empty()) take(connected.next());
}

void writer::write_next(client& to) {
  const auto id = new_client_id();
  const message next{conversations_[written_ % conversations_.size()], fmt::format("{} {}", user_, written_)};
  ++written_;
  open_.emplace(id, next);
  to.send(send_in(next.conversation, next.text, id));
}

void writer::repeat(client& to) {
  for (const auto& [id, one] : open_) to.send(send_in(one.conversation, one.text, id));
}

void writer::take(const json& frame) {
  if (frame["type"] == "error") failure_ = frame.dump();
  if (frame["type"] != "ack") return;
  const auto id = frame["clientId"].text();
  const auto found = open_.find(id);
  if (found == open_.end()) {
    failure_ = "acknowledged without need: " + frame.dump();
    return;
  }
  acknowledged_[id] = {found->second.text, frame["conversation"].text(), frame["seq"].number(),
                       frame["duplicate"] == true};
  open_.erase(found);
}

std::vector<std::string> differences(const running_node& node, const std::vector<writer>& writers,
                                     const std::vector<std::string>& conversations) {
  std::vector<std::string> wrong;
  for (const auto& one : writers) {
    if (!one.failure().empty()) wrong.push_back(fmt::format("{} was told {}", one.user(), one.failure()));
    auto reader = node.online(one.user(), "?replay=none");
    std::set<std::string> seen;
    std::map<std::string, std::vector<json>> logs;
    for (const auto& conversation : conversations) {
      auto& log = logs[conversation] = whole_history(reader, conversation);
      if (!is_dense(log)) wrong.push_back(fmt::format("{} has holes", conversation));
      for (const auto& entry : log) {
        // Only an author is shown its own clientIds.
        if (!entry["clientId"].exists()) continue;
        if (!seen.insert(entry["clientId"].text()).second) wrong.push_back("twice in the log: " + entry.dump());
      }
    }
    for (const auto& [id, ack] : one.acknowledged()) {
      const auto& log = logs[ack.conversation];
      const auto place = static_cast<std::size_t>(ack.seq);
      const auto entry = place >= 1 && place <= log.size() ? log[place - 1] : json{};
      if (entry["clientId"] != id || entry["text"] != ack.text || entry["from"] != one.user())
        wrong.push_back(fmt::format("acknowledged as {}: {}, in the log: {}", ack.seq, ack.text, entry.dump()));
    }
  }
  return wrong;
}

} // namespace parley::tests
