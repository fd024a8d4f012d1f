#include "tools/client/websocket.hpp"

#include <array>
#include <cerrno>

#include <fmt/format.h>
#include <sodium.h>

#include "tools/client/http_answer.hpp"

namespace parley::client {

namespace {

constexpr std::size_t message_bytes_max = 4 << 20;
// What one write may leave behind without giving its memory back.
constexpr std::size_t spare_bytes_max = 64 << 10;

constexpr std::uint16_t normal_closure = 1000, protocol_error = 1002, no_code = 1005, broken = 1006, too_big = 1009;

// xorshift64: masks only have to be no pattern that a middlebox could be fed.
std::uint32_t next_mask(std::uint64_t& state) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return static_cast<std::uint32_t>(state >> 32);
}

} // namespace

websocket::websocket(websocket_events& events) : events_{events}, reader_{message_bytes_max}, masks_{1} {
  randombytes_buf(&masks_, sizeof masks_);
  masks_ |= 1; // all zeros would stay all zeros
}

result<void> websocket::connect(const tcp_address& to, const upgrade_request& request, const tcp_address* from) {
  auto socket = begin_connect(to, from);
  if (!socket) return fail(socket.error());
  socket_ = std::move(*socket);
  if (to.tls) tls_ = to.tls->begin();
  key_ = random_upgrade_key();
  unsent_ = upgrade_text(request, key_);
  phase_ = phase::connecting;
  return {};
}

void websocket::send_text(std::string_view text) {
  if (is_open()) queue(opcode::text, text);
}

void websocket::send_close(std::uint16_t code, std::string_view reason) {
  if (!is_open()) return abandon();
  queue(opcode::close, close_payload(code, reason));
  phase_ = phase::closing;
}

void websocket::queue(opcode kind, std::string_view payload) {
  append_frame(unsent_, kind, payload, next_mask(masks_));
}

void websocket::flush() {
  if (phase_ == phase::connecting) finish_connecting();
  if (has_ended()) return;
  if (!tls_) return send_some(unsent_);
  encrypt();
  if (!has_ended()) send_some(encrypted_);
}

template <class Bytes> void websocket::send_some(Bytes& bytes) {
  if (bytes.empty()) return;
  const auto written = ::send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (written < 0) {
    if (errno != EAGAIN && errno != EINTR) end({broken, 0, system_text(errno)});
    return;
  }
  bytes.erase(bytes.begin(), bytes.begin() + written);
  if (bytes.empty() && bytes.capacity() > spare_bytes_max) bytes = {};
}

void websocket::finish_connecting() {
  if (const auto trouble = pending_error(socket_.number()); trouble != 0) return end({broken, 0, system_text(trouble)});
  phase_ = tls_ ? phase::securing : phase::upgrading;
  std::span<const char> nothing;
  if (tls_) secure(nothing);
}

// TLS. ----------------------------------------------------------------------------------------------------------------

void websocket::secure(std::span<const char>& arrived) {
  const auto progress = tls_->shake_hands(arrived, encrypted_);
  if (progress == net::tls_progress::fine) phase_ = phase::upgrading;
  if (progress == net::tls_progress::fine || progress == net::tls_progress::needs_bytes) return;
  // It may be told why.
  send_some(encrypted_);
  end({broken, 0, tls_trouble(*tls_)});
}

void websocket::encrypt() {
  if (!tls_->is_ready() || unsent_.empty()) return;
  if (!tls_->write(std::span<const char>{unsent_}, encrypted_)) return end({broken, 0, tls_trouble(*tls_)});
  unsent_ = {};
}

bool websocket::decrypt(std::span<const char> arrived, std::string& text) {
  std::array<char, 16'384> record;
  while (true) {
    const auto [bytes, progress] = tls_->read(arrived, record, encrypted_);
    text.append(record.data(), bytes);
    if (progress == net::tls_progress::needs_bytes) return false;
    if (progress != net::tls_progress::fine) return true;
  }
}

// In. -----------------------------------------------------------------------------------------------------------------

void websocket::read(std::span<char> scratch) {
  if (has_ended()) return;
  const auto received = ::recv(socket_.number(), scratch.data(), scratch.size(), 0);
  if (received < 0) {
    if (errno != EAGAIN && errno != EINTR) end({broken, 0, system_text(errno)});
    return;
  }
  const std::span<const char> arrived = scratch.first(static_cast<std::size_t>(received));
  if (!tls_) return take_arrived({arrived.data(), arrived.size()}, received == 0);

  if (phase_ == phase::connecting) finish_connecting();
  auto rest = arrived;
  if (phase_ == phase::securing && received > 0) secure(rest);
  if (has_ended()) return;
  std::string text;
  const auto ended = phase_ != phase::securing && decrypt(rest, text);
  take_arrived(text, ended || received == 0);
}

void websocket::take_arrived(std::string_view bytes, bool stream_ended) {
  const auto lies_in_kept = !kept_.empty();
  if (lies_in_kept) bytes = kept_.append(bytes);
  take(bytes, stream_ended);
  if (stream_ended && !has_ended()) return end({broken, 0, "the server closed the connection without a close code"});
  if (!has_ended()) keep(bytes, lies_in_kept);
}

void websocket::keep(std::string_view rest, bool lies_in_kept) {
  if (!lies_in_kept) {
    if (!rest.empty()) kept_.assign(rest);
  } else if (rest.empty()) {
    kept_ = {};
  } else {
    kept_.erase(0, kept_.size() - rest.size());
  }
}

void websocket::take(std::string_view& bytes, bool stream_ended) {
  if (phase_ == phase::connecting && !tls_) finish_connecting();
  if (phase_ == phase::upgrading) take_upgrade(bytes, stream_ended);
  if (phase_ == phase::open || phase_ == phase::closing) take_frames(bytes);
}

void websocket::take_upgrade(std::string_view& bytes, bool stream_ended) {
  const auto answer = read_http_answer(bytes, stream_ended);
  if (!answer) return end({broken, 0, answer.error().detail});
  if (!*answer) return;
  const auto& found = **answer;
  if (found.status != 101) return end({broken, found.status, found.body});
  if (found.header("sec-websocket-accept") != upgrade_accept(key_))
    return end({protocol_error, 0, "the server's handshake does not answer ours"});
  bytes.remove_prefix(found.bytes);
  phase_ = phase::open;
  // The request carried a token; nothing as long follows on most connections.
  key_ = {};
  if (unsent_.empty()) unsent_ = {};
  events_.opened();
}

void websocket::take_frames(std::string_view& bytes) {
  while (phase_ == phase::open || phase_ == phase::closing) {
    const auto frame = reader_.next(bytes);
    if (!frame) {
      queue(opcode::close, close_payload(frame.error().code == errc::too_large ? too_big : protocol_error, {}));
      flush();
      return end({protocol_error, 0, frame.error().detail});
    }
    if (!*frame) return;
    switch (const auto& [kind, payload] = **frame; kind) {
    case opcode::text: events_.text_received(payload); break;
    case opcode::ping: queue(opcode::pong, payload); break;
    case opcode::close: take_close(payload); break;
    default: break; // a pong asks for nothing, and this protocol has no binary messages
    }
  }
}

void websocket::take_close(std::string_view payload) {
  auto code = no_code;
  if (payload.size() >= 2)
    code =
        static_cast<std::uint16_t>(static_cast<std::uint8_t>(payload[0]) << 8 | static_cast<std::uint8_t>(payload[1]));
  if (phase_ == phase::open) queue(opcode::close, close_payload(code == no_code ? normal_closure : code, {}));
  flush();
  end({code, 0, std::string{payload.substr(std::min<std::size_t>(2, payload.size()))}});
}

void websocket::abandon() {
  if (phase_ != phase::idle) end({broken, 0, "given up"});
}

void websocket::end(const ending& how) {
  if (has_ended()) return;
  phase_ = phase::ended;
  socket_ = {};
  unsent_ = {};
  encrypted_ = {};
  events_.ended(how);
}

} // namespace parley::client
