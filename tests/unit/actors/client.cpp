#include "tests/unit/actors/client.hpp"

#include <fmt/format.h>
#include <parley/codec.hpp>

namespace parley::tests {

namespace {

std::string range(const std::vector<live_entry_ptr>& items) {
  return items.empty() ? "nothing" : fmt::format("{}-{}", items.front()->seq, items.back()->seq);
}

std::string with_ref(std::string_view word, std::string_view ref) {
  return ref.empty() ? std::string{word} : fmt::format("{} {}", word, ref);
}

} // namespace

void recorded_link::push(live_entry_ptr item) { heard.push_back(fmt::format("push {}", item->seq)); }

void recorded_link::event(std::shared_ptr<const std::string> open_frame) {
  heard.push_back(fmt::format("receipt {} {} {}", frame_field(*open_frame, "user"), frame_field(*open_frame, "status"),
                              frame_field(*open_frame, "seq")));
}

void recorded_link::acknowledge(acknowledgement ack) {
  answers.push_back(encode(ack));
  heard.push_back(fmt::format("{} {}{}", with_ref("ack", ack.ref), ack.seq, ack.duplicate ? " again" : ""));
}

void recorded_link::reply(std::string frame) {
  answers.push_back(frame);
  const auto type = frame_field(frame, "type");
  if (type == "error")
    heard.push_back(fmt::format("{} {}", with_ref("error", frame_field(frame, "ref")), frame_field(frame, "code")));
  else if (type == "ack")
    heard.push_back(with_ref("ack", frame_field(frame, "ref")));
  else
    heard.push_back(with_ref(type, frame_field(frame, "ref")));
}

void recorded_link::reply_history(std::string frame, conversation_id, seq_no head) {
  heard.push_back(fmt::format("{} up to {}", with_ref("history", frame_field(frame, "ref")), head));
  answers.push_back(std::move(frame));
}

void recorded_link::finish() {
  answers.emplace_back();
  heard.emplace_back("done");
}

void recorded_link::ephemeral(std::shared_ptr<const std::string> frame) { heard.push_back(*frame); }

void recorded_link::hint(conversation_id, seq_no head) { heard.push_back(fmt::format("hint {}", head)); }

void recorded_link::focus(conversation_id, seq_no head) { heard.push_back(fmt::format("focus from {}", head)); }

void recorded_link::unfocus(conversation_id) { heard.emplace_back("no focus"); }

void recorded_link::greet() { heard.emplace_back("welcome"); }

void recorded_link::replay(conversation_id, seq_no cursor, std::vector<live_entry_ptr> items, seq_no head) {
  if (items.empty() && cursor == head) return;
  const auto gap = items.empty() || items.front()->seq > cursor + 1 ? fmt::format(" after {}", cursor) : "";
  heard.push_back(fmt::format("replay {}{}", range(items), gap));
}

void recorded_link::end_replay(std::string synced) {
  const auto unread = synced.find(R"("unread":{)") + 10;
  heard.push_back(fmt::format("synced {}{}", frame_field(synced, "conversations"),
                              synced.substr(unread, synced.size() - 2 - unread)));
  // Conversations are told apart by their numbers only.
  while (heard.back().find('"') != std::string::npos) {
    const auto id = heard.back().find('"');
    heard.back().replace(id, 39, " unread ");
  }
}

void recorded_link::fill(conversation_id, std::vector<live_entry_ptr> items) {
  heard.push_back("fill " + range(items));
}

void recorded_link::close(actors::close_code code, std::string) {
  heard.push_back(fmt::format("close {}", static_cast<int>(code)));
}

client::client(stage& where, const device_of& who)
    : stage_{where},
      session_{random_uuid()},
      handle_{where.open({session_, who.user, device_id{who.device}, who.skip_replay, link_})} {}

client::~client() { leave(); }

void client::say(std::string_view text) {
  auto frame = decode_frame(text, {});
  const auto why = frame.request ? std::string{} : frame.request.error().detail;
  REQUIRE_MESSAGE(frame.request, why);
  handle_->ask({std::move(frame.ref), std::move(*frame.request)});
}

lines client::take() {
  stage_.run();
  return std::exchange(link_->heard, {});
}

lines client::take_answers() {
  stage_.run();
  return std::exchange(link_->answers, {});
}

void client::leave() {
  if (handle_) handle_->closed();
  handle_ = nullptr;
}

std::string frame_field(std::string_view frame, std::string_view name) {
  const auto key = fmt::format("\"{}\":", name);
  const auto at = frame.find(key);
  if (at == std::string_view::npos) return {};
  const auto value = frame.substr(at + key.size());
  return std::string{value.front() == '"' ? value.substr(1, value.find('"', 1) - 1)
                                          : value.substr(0, value.find_first_of(",}"))};
}

std::string send_to(const user_id& to, std::string_view rest) {
  return fmt::format(R"({{"type":"send","to":"{}",{}}})", to.value, rest);
}

std::string send_in(const conversation_id& conversation, std::string_view rest) {
  return fmt::format(R"({{"type":"send","conversation":"{}",{}}})", to_string(conversation), rest);
}

std::string client_number(int number) { return fmt::format("00000000-0000-7000-8000-{:012}", number); }

} // namespace parley::tests
