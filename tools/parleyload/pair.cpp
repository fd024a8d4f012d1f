#include "tools/parleyload/pair.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include <parley/json_text.hpp>

namespace parley::load {

namespace {

constexpr std::uint32_t confirm_after_messages = 16;
constexpr std::chrono::milliseconds confirm_after{200}, repeat_after{200};

instant now_steady() { return std::chrono::steady_clock::now(); }

// What may help is to try again, perhaps later.
bool may_repeat(std::string_view code) {
  return code == "rate_limited" || code == "overloaded" || code == "unavailable" || code == "timeout" ||
         code == "internal";
}

std::optional<std::uint64_t> number_in(std::string_view ref) {
  std::uint64_t number = 0;
  const auto [end, trouble] = std::from_chars(ref.data(), ref.data() + ref.size(), number);
  if (ref.empty() || trouble != std::errc{} || end != ref.data() + ref.size()) return std::nullopt;
  return number;
}

} // namespace

instant schedule::time_of(std::uint32_t index, std::uint64_t number) const {
  const auto place = static_cast<double>(number) * pairs + index;
  return start + std::chrono::duration_cast<instant::duration>(interval * place);
}

pair::pair(chat_run& run, std::uint32_t index)
    : run_{run},
      index_{index},
      own_name_{run.name.user(index, 'a').value},
      other_name_{run.name.user(index, 'b').value},
      own_{run.loop, *this, pair_task::kind::confirm_own},
      other_{run.loop, *this, pair_task::kind::confirm_other},
      messages_{run.window} {}

void pair::connect(const way_in& own, const way_in& other, instant now) {
  own_.device.connect(own.address, own.request, now);
  if (!failed_) other_.device.connect(other.address, other.request, now);
}

// Sending

void pair::allow(std::uint64_t count, instant now) {
  allowed_ = count;
  send_what_fits(now);
}

std::uint64_t pair::stop() { return std::exchange(allowed_, messages_.next()) - messages_.next(); }

bool pair::may_send() const {
  // Until the first answer names the conversation, messages go `to` a user, one at a time.
  const auto window = conversation_.empty() ? 1 : run_.window;
  return !failed_ && messages_.next() < allowed_ && messages_.has_room(window);
}

void pair::send_what_fits(instant now) {
  while (may_send()) {
    const auto is_scheduled = run_.times.interval.count() > 0;
    const auto number = messages_.open(is_scheduled ? run_.times.time_of(index_, messages_.next()) : now);
    ++run_.open_messages;
    ++run_.results.sent;
    write_send(number);
  }
}

void pair::write_send(std::uint64_t number) {
  const payload_id id{index_, number};
  auto& frame = run_.frame;
  frame = R"({"type":"send","ref":")";
  append_number(frame, number);
  if (conversation_.empty())
    frame.append(R"(","to":")").append(other_name_);
  else
    frame.append(R"(","conversation":")").append(conversation_);
  frame += R"(","clientId":")";
  run_.name.append_client_id(frame, id);
  frame += run_.echo ? R"(","text":")" : R"(","echo":false,"text":")";
  run_.texts.append(frame, id);
  frame += R"("})";
  own_.device.send(frame);
}

void pair::perform(const pair_task& task) {
  if (failed_) return;
  switch (task.what) {
  case pair_task::kind::repeat:
    ++run_.results.repeated;
    write_send(task.number);
    break;
  case pair_task::kind::confirm_own:
  case pair_task::kind::confirm_other: {
    auto& at = task.what == pair_task::kind::confirm_own ? own_ : other_;
    at.will_confirm = false;
    confirm(at);
  }
  }
}

// Receiving

void pair::on_ready(connection&) {}

void pair::on_frame(connection& which, const scanned_frame& frame) {
  auto& at = &which == &own_.device ? own_ : other_;
  if (frame.type == "message") return on_message(at, frame);
  if (frame.type == "ack") return on_ack(frame);
  if (frame.type == "error") return on_error(frame);
  if (frame.type == "receipt") ++run_.results.receipts;
  // A reader that keeps up is never told these; behind them the check would have to start anew.
  if (frame.type == "lag" || frame.type == "gap") fail(fmt::format("the server sent {}", frame.type));
}

message_window::message* pair::find(const scanned_frame& reply) {
  const auto number = number_in(reply.ref);
  return number ? messages_.find(*number) : nullptr;
}

void pair::on_ack(const scanned_frame& frame) {
  auto* const found = find(frame);
  if (found == nullptr || found->acked != 0 || found->refused || frame.seq == 0)
    return report_wrong("an ack for nothing");
  if (!learn_conversation(frame.conversation)) return report_wrong("an ack of another conversation");
  const auto now = now_steady();
  found->acked = frame.seq;
  found->acked_ts = frame.ts;
  ++run_.results.acked;
  run_.results.to_ack.record(now - found->born);
  if (!found->is_open())
    finish(*number_in(frame.ref), *found, now);
  else
    send_what_fits(now); // the first one told us the name of the conversation
}

void pair::on_error(const scanned_frame& frame) {
  ++run_.results.errors[std::string{frame.code}];
  auto* const found = find(frame);
  if (found == nullptr || !found->is_open()) return fail(fmt::format("error {}: {}", frame.code, frame.message));
  if (may_repeat(frame.code)) {
    found->repeated = true;
    const std::chrono::milliseconds wait{frame.retry_after_ms};
    run_.tasks.push(now_steady() + (wait.count() > 0 ? wait : repeat_after),
                    {this, pair_task::kind::repeat, *number_in(frame.ref)});
    return;
  }
  found->refused = true;
  ++run_.results.refused;
  fail(fmt::format("error {}: {}", frame.code, frame.message));
}

void pair::on_message(side& at, const scanned_frame& frame) {
  auto& results = run_.results;
  if (frame.from != own_name_ || !learn_conversation(frame.conversation))
    return report_wrong("a message of another sender or conversation");
  if (&at == &own_ && !run_.echo) return report_wrong("an echo that was not wanted");
  const auto verdict = at.seqs.observe(frame.seq);
  if (verdict == seq_verdict::duplicate) {
    ++results.duplicates;
    return;
  }
  if (verdict == seq_verdict::late) ++results.out_of_order;
  confirm_soon(at);

  const auto id = run_.texts.read(frame.text);
  if (!id || id->pair != index_ || id->number >= messages_.next()) return report_wrong("a text that nobody wrote");
  if (&at == &other_) on_other_received(id->number, frame);
}

void pair::on_other_received(std::uint64_t number, const scanned_frame& frame) {
  auto& results = run_.results;
  auto* const found = messages_.find(number);
  if (found == nullptr || found->received != 0) {
    ++results.doubled;
    return;
  }
  if (found->refused) return report_wrong("a message that was refused");
  if (!found->repeated) {
    if (number < in_order_) ++results.out_of_order;
    in_order_ = std::max(in_order_, number + 1);
  }
  const auto now = now_steady();
  found->received = frame.seq;
  found->received_ts = frame.ts;
  ++results.received;
  results.to_received.record(now - found->born);
  if (!found->is_open()) finish(number, *found, now);
}

void pair::finish(std::uint64_t number, const message_window::message& done, instant now) {
  ++run_.results.completed;
  if (done.acked != done.received || done.acked_ts != done.received_ts)
    report_wrong(fmt::format("message {} has seq {} and ts {} in its ack, {} and {} in its push", number, done.acked,
                             done.acked_ts, done.received, done.received_ts));
  messages_.count_done();
  --run_.open_messages;
  send_what_fits(now);
}

bool pair::learn_conversation(std::string_view conversation) {
  if (conversation_.empty()) conversation_ = conversation;
  return !conversation.empty() && conversation == conversation_;
}

// Telling the server what has arrived

void pair::confirm_soon(side& at) {
  if (++at.unconfirmed >= confirm_after_messages) return confirm(at);
  if (std::exchange(at.will_confirm, true)) return;
  run_.tasks.push(now_steady() + confirm_after, {this, at.confirm, 0});
}

void pair::confirm(side& at) {
  if (std::exchange(at.unconfirmed, 0) == 0 || at.seqs.complete() == 0) return;
  auto& frame = run_.frame;
  frame = R"({"type":"received","conversation":")";
  frame.append(conversation_).append(R"(","seq":)");
  append_number(frame, at.seqs.complete());
  frame.push_back('}');
  at.device.send(frame);
}

void pair::confirm_all() {
  if (failed_) return;
  confirm(own_);
  confirm(other_);
}

// Beginning and end

void pair::tend(instant now) {
  own_.device.tend(now);
  other_.device.tend(now);
}

void pair::close() {
  own_.device.close();
  other_.device.close();
}

void pair::settle() {
  run_.results.lost += messages_.count_open(true);
  run_.results.unanswered += messages_.count_open(false);
  run_.results.holes += other_.seqs.holes() + own_.seqs.holes();
}

void pair::on_lost(connection&, const std::string& why) {
  if (!why.empty()) fail(why);
}

void pair::report_wrong(std::string_view what) {
  ++run_.results.wrong;
  if (run_.results.first_wrong.empty()) run_.results.first_wrong = fmt::format("{}: {}", own_name_, what);
}

void pair::fail(const std::string& why) {
  if (std::exchange(failed_, true)) return;
  run_.open_messages -= messages_.open_count();
  ++run_.results.failures[why];
  own_.device.abandon(why);
  other_.device.abandon(why);
}

} // namespace parley::load
