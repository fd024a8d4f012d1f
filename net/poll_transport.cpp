#include "net/poll_transport.hpp"

#include <parley/json_text.hpp>

#include <algorithm>

namespace parley::net {

namespace {

/// The parts of an answer; every frame is JSON already.
class answer_text {
public:
  explicit answer_text(const resume_ticket& ticket) {
    text_.append(R"({"session":)");
    append_quoted(text_, ticket.session);
    text_.append(R"(,"resumeKey":)");
    append_quoted(text_, ticket.key);
    text_.append(R"(,"frames":[)");
  }

  void add(const outgoing_frame& frame) {
    if (text_.back() != '[') text_.push_back(',');
    text_.append(*frame.body).append(frame.suffix);
  }

  std::string end(const std::string& close) && { return std::move(text_.append("]").append(close).append("}")); }

private:
  std::string text_;
};

/// Whether a client that comes back later is to know why it was closed; else it may just begin again.
bool is_remembered(actors::close_code code) {
  return static_cast<unsigned>(code) >= 4'500 && code != actors::close_code::replaced;
}

} // namespace

void poll_transport::begin(poll_exchange poll) {
  if (open_) std::exchange(open_, std::nullopt)->answer(json_response(200, answer_text{ticket_}.end("")));
  const auto now = time_.steady();
  polled_at_ = now;
  if (inbox_.size() + poll.frames.size() > limits_.inbox_max)
    return poll.answer(
        error_response({errc::overloaded, "earlier frames wait to be read", {}, limits_.reply_patience}));
  open_ = {std::move(poll.answer), now + poll.wait, now + std::max(poll.wait, limits_.reply_patience)};
  std::move(poll.frames.begin(), poll.frames.end(), std::back_inserter(inbox_));
  forget(poll.s);
  if (const auto listener = listener_.lock(); listener && !closing_) listener->on_written();
  flush();
}

void poll_transport::forget(std::uint64_t s) {
  forgotten_ = std::max(forgotten_, s);
  std::deque<kept_frame> left;
  bytes_ = waiting_ = 0;
  for (auto& one : frames_) {
    const auto has_come = one.frame.s != 0 ? one.frame.s <= s : one.is_handed_out && one.answer_s <= s;
    if (has_come) continue;
    one.is_handed_out = false;
    ++waiting_;
    bytes_ += one.frame.size();
    left.push_back(std::move(one));
  }
  frames_ = std::move(left);
}

void poll_transport::put(outgoing_frame frame) {
  if (is_dropped_ || closing_) return;
  is_welcomed_ = true;
  ++waiting_;
  bytes_ += frame.size();
  frames_.push_back({std::move(frame)});
}

void poll_transport::close(actors::close_code code, std::string_view reason) {
  if (!closing_) closing_ = {code, std::string{reason}};
}

void poll_transport::close_now(actors::close_code code, std::string_view reason) {
  frames_.clear();
  bytes_ = waiting_ = 0;
  close(code, reason);
}

void poll_transport::flush() {
  if (is_dropped_ || std::exchange(is_flushing_, true)) return;
  pump();
  is_flushing_ = false;
  if (open_ && is_due()) answer();
  if (closing_ && !open_ && !(is_remembered(closing_->code) && !has_said_why_)) tell_gone();
}

void poll_transport::pump() {
  while (wants_ && is_welcomed_ && !inbox_.empty() && !is_dropped_ && !closing_) {
    wants_ = false;
    const auto text = std::move(inbox_.front());
    inbox_.pop_front();
    if (const auto listener = listener_.lock()) listener->on_frame(text, true);
  }
}

bool poll_transport::is_due() const {
  if (closing_) return true;
  const auto listener = listener_.lock();
  const auto is_busy = !inbox_.empty() || (listener && listener->owes_answers());
  const auto now = time_.steady();
  if (is_busy) return now >= open_->latest;
  return waiting_ > 0 || now >= open_->until;
}

void poll_transport::answer() {
  answer_text text{ticket_};
  std::uint64_t last_s = 0;
  for (const auto& one : frames_)
    if (!one.is_handed_out) last_s = std::max(last_s, one.frame.s);
  std::deque<kept_frame> left;
  bytes_ = waiting_ = 0;
  for (auto& one : frames_) {
    if (!one.is_handed_out) {
      text.add(one.frame);
      one.answer_s = last_s;
    }
    one.is_handed_out = true;
    if (one.frame.s == 0 && !one.frame.is_notice) continue;
    bytes_ += one.frame.size();
    left.push_back(std::move(one));
  }
  frames_ = std::move(left);

  std::string why;
  if (closing_) {
    has_said_why_ = true;
    why.append(R"(,"close":{"code":)");
    append_number(why, static_cast<unsigned>(closing_->code));
    why.append(R"(,"reason":)");
    append_quoted(why, closing_->reason);
    why.append("}");
  }
  polled_at_ = time_.steady();
  std::exchange(open_, std::nullopt)->answer(json_response(200, std::move(text).end(why)));
}

void poll_transport::tick(instant now) {
  if (!open_ && !closing_ && now - polled_at_ >= limits_.pause_max) tell_gone();
}

void poll_transport::introduce(const resume_ticket& ticket) {
  ticket_ = ticket;
  forgotten_ = ticket.s;
}

void poll_transport::tell_gone() {
  const auto listener = std::exchange(listener_, {}).lock();
  if (listener) listener->on_gone();
}

void poll_transport::drop() {
  if (std::exchange(is_dropped_, true)) return;
  listener_.reset();
  if (open_) answer();
}

} // namespace parley::net
