#include "tests/system/stubborn_writer.hpp"

#include <thread>

#include <fmt/format.h>

#include "tests/system/chat.hpp"

namespace parley::tests {

namespace {

using namespace std::chrono_literals;

/// Less than a connection may have in flight.
constexpr std::size_t window = 8;
/// How long a client waits before it tries again.
constexpr auto pause = 10ms;

} // namespace

stubborn_writer::stubborn_writer(const running_node& node, const std::string& user, const std::string& peer)
    : user_{user},
      connection_{node.online(user)},
      conversation_{connection_.ask(send_to(peer, "first"))["conversation"].text()},
      log_{{1, "first"}} {}

void stubborn_writer::run(const std::stop_token& stop) try {
  while (failure_.empty() && (!stop.stop_requested() || !open_.empty())) {
    while (!stop.stop_requested() && open_.size() < window)
      post({fmt::format("{} {}", user_, ++written_), new_client_id()});
    take(connection_.wait([](const json& frame) { return frame["ref"].exists(); }));
  }
} catch (const std::exception& why) {
  failure_ = why.what();
}

void stubborn_writer::post(const message& one) {
  const auto ref = connection_.post(send_in(conversation_, one.text, one.client));
  open_.emplace(ref, one);
}

void stubborn_writer::take(const json& answer) {
  const auto found = open_.find(answer["ref"].text());
  if (found == open_.end()) {
    failure_ = "answered without a question: " + answer.dump();
    return;
  }
  const auto one = found->second;
  open_.erase(found);
  if (answer["type"] == "ack") {
    if (!log_.emplace(answer["seq"].number(), one.text).second) failure_ = "a seq given twice: " + answer.dump();
    ++acknowledged_;
  } else if (answer["retry"] == "same") {
    ++refused_;
    std::this_thread::sleep_for(pause);
    post(one);
  } else {
    failure_ = "refused for good: " + answer.dump();
  }
}

std::vector<std::string> stubborn_writer::differences(const running_node& node) const {
  std::vector<std::string> wrong;
  auto reader = node.online(user_, "?replay=none");
  const auto log = whole_history(reader, conversation_);
  if (!is_dense(log)) wrong.push_back("the log has holes");
  if (log.size() != log_.size())
    wrong.push_back(fmt::format("{} entries are in the log, {} were acknowledged", log.size(), log_.size()));
  for (const auto& entry : log) {
    const auto told = log_.find(entry["seq"].number());
    if (told == log_.end() || entry["text"] != told->second)
      wrong.push_back(fmt::format("in the log: {}, acknowledged there: {}", entry.dump(),
                                  told == log_.end() ? "nothing" : told->second));
  }
  return wrong;
}

} // namespace parley::tests
