#include "tools/parleyload/connection.hpp"

#include <fmt/format.h>

namespace parley::load {

namespace {

constexpr std::chrono::seconds welcome_limit{10};

std::string text_of(const client::ending& how) {
  if (how.http_status != 0) return fmt::format("refused with HTTP {}", how.http_status);
  if (how.code == 1006) return how.text;
  return how.text.empty() ? fmt::format("closed with {}", how.code)
                          : fmt::format("closed with {} ({})", how.code, how.text);
}

} // namespace

void connection::connect(const client::tcp_address& to, const client::upgrade_request& request, instant now,
                         const client::tcp_address* from) {
  active_at_ = now;
  if (const auto begun = socket_.connect(to, request, from); !begun) return lose(begun.error().detail);
  watched_for_writing_ = true;
  loop_.watch(socket_.descriptor_number(), *this, true);
}

void connection::send(std::string_view frame) {
  socket_.send_text(frame);
  flush_soon();
}

void connection::close() {
  if (lost_) return;
  closing_ = true;
  socket_.send_close(1000);
  flush_soon();
}

void connection::tend(instant now) {
  if (lost_) return;
  if (!ready_) {
    if (now - active_at_ >= welcome_limit) abandon("not let in within 10 s");
    return;
  }
  // A second's play on either side of this call still leaves the server a fifth of its patience.
  if (now - active_at_ < heartbeat_ * 4 / 5) return;
  active_at_ = now;
  send(R"({"type":"ping"})");
}

void connection::on_readable() {
  socket_.read(loop_.scratch());
  if (!lost_ && socket_.wants_to_write()) flush_soon();
}

void connection::flush_soon() {
  if (std::exchange(flush_is_due_, true)) return;
  loop_.flush_later(*this);
}

void connection::flush() {
  flush_is_due_ = false;
  socket_.flush();
  watch_for_writing();
}

void connection::watch_for_writing() {
  if (lost_ || watched_for_writing_ == socket_.wants_to_write()) return;
  watched_for_writing_ = !watched_for_writing_;
  loop_.watch_again(socket_.descriptor_number(), *this, watched_for_writing_);
}

void connection::text_received(std::string_view text) {
  scanned_frame frame;
  if (!scan_frame(text, frame)) return abandon("the server sent what is not a JSON object");
  if (frame.type == "welcome") {
    if (frame.heartbeat_ms > 0) heartbeat_ = std::chrono::milliseconds{frame.heartbeat_ms};
    owner_.on_welcome(*this, frame);
    // What was missed follows at once, and no `synced`.
    if (frame.resumed) be_ready();
  } else if (frame.type == "synced") {
    be_ready();
  } else if (frame.type != "pong") {
    owner_.on_frame(*this, frame);
  }
}

void connection::be_ready() {
  ready_ = true;
  owner_.on_ready(*this);
}

void connection::ended(const client::ending& how) { lose(closing_ ? "" : text_of(how)); }

void connection::abandon(const std::string& why) {
  lose(why);
  socket_.abandon();
}

void connection::lose(const std::string& why) {
  if (!std::exchange(lost_, true)) owner_.on_lost(*this, why);
}

} // namespace parley::load
