#include "tests/unit/core/device_queue.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace parley::tests {

namespace {

/// The text between `before` and one of `end`.
std::string between(std::string_view frame, std::string_view before, std::string_view end) {
  const auto at = frame.find(before);
  if (at == std::string_view::npos) return {};
  const auto from = at + before.size();
  return std::string{frame.substr(from, frame.find_first_of(end, from) - from)};
}

/// The number of a conversation that `conversation_number` made, from the end of its text form.
std::string number_of(std::string_view id) {
  const auto digits =
      id.find_last_of('0') == id.size() - 1 ? std::string_view{"0"} : id.substr(id.find_last_of('0') + 1);
  return std::string{digits};
}

std::string conversation_in(std::string_view frame) { return number_of(between(frame, R"("conversation":")", "\"")); }

} // namespace

void device_queue::put(std::string frame) {
  const auto type = between(frame, R"("type":")", "\"");
  if (type == "ack" && frame.find("conversation") != std::string::npos) {
    waiting_.push_back(fmt::format("ack {}:{}", conversation_in(frame), between(frame, R"("seq":)", ",")));
  } else if (type == "gap") {
    waiting_.push_back(fmt::format("gap {}:{}-{}", conversation_in(frame), between(frame, R"("from":)", ","),
                                   between(frame, R"("to":)", "}")));
  } else if (type == "hint") {
    waiting_.push_back(fmt::format("hint {}:{}", conversation_in(frame), between(frame, R"("head":)", "}")));
  } else if (type == "lag") {
    // Each id stands between quotes behind the bracket.
    std::string line{"lag"};
    for (auto at = frame.find('[') + 2; at < frame.size(); at += 36 + 3)
      line.append(" ").append(number_of(frame.substr(at, 36)));
    waiting_.push_back(std::move(line));
  } else {
    waiting_.push_back(type);
  }
}

void device_queue::put(std::shared_ptr<const std::string> open_frame, std::uint64_t s) {
  if (between(*open_frame, R"("type":")", "\"") == "receipt")
    waiting_.push_back(fmt::format("receipt/s{}", s));
  else
    waiting_.push_back(
        fmt::format("{}:{}/s{}", conversation_in(*open_frame), between(*open_frame, R"("seq":)", ","), s));
}

void window_fixture::go_live(const std::vector<conversation_id>& conversations, seq_no head) {
  for (const auto& id : conversations) window.replay(id, head, {}, head);
  window.end_replay(encode_synced(0, {}));
  REQUIRE(queue.take() == device_queue::transcript{"synced"});
}

void window_fixture::push_own(const conversation_id& in, seq_no seq, bool echo) {
  window.push(make_live(message(in, seq, ann), entry_origin{session_number(1), ack_of(in, seq), echo}));
}

void window_fixture::answer_own(const conversation_id& in, seq_no seq) { window.acknowledge(ack_of(in, seq)); }

acknowledgement ack_of(const conversation_id& in, seq_no seq) {
  return {.ref = "r", .client = {}, .conversation = in, .seq = seq, .at = moment(0)};
}

std::vector<live_entry_ptr> logged(const conversation_id& in, seq_no first, seq_no last) {
  std::vector<live_entry_ptr> items;
  for (auto seq = first; seq <= last; ++seq) items.push_back(make_live(message(in, seq, bob)));
  return items;
}

} // namespace parley::tests
