#include "net/tls_wire.hpp"

#include "net/socket_calls.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

namespace parley::net {

namespace {

using kind = wire_step::kind;

constexpr std::size_t record_bytes_max = 16'384;
/// Of what is written at once.
constexpr std::size_t batch_bytes_max = 4 * record_bytes_max;
/// A batch, and what TLS itself has to say. A peer that makes it say more without reading is let go.
constexpr std::size_t unsent_bytes_max = 2 * batch_bytes_max;

/// One for each thread, in use during a call only.
struct tls_buffers {
  std::array<char, 16'384> arrived;
  std::array<char, record_bytes_max> record;
  std::vector<char> encrypted;
};

tls_buffers& buffers() {
  thread_local const auto of_thread = std::make_unique<tls_buffers>();
  return *of_thread;
}

/// Fills records from parts of any size: each costs the peer a check and the line thirty bytes.
class record_filler {
public:
  explicit record_filler(std::span<const iovec> parts) : parts_{parts} {}

  /// As much as one record holds; empty: that was all.
  [[nodiscard]] std::span<const char> next(std::span<char> record) {
    std::size_t filled = 0;
    while (filled < record.size() && !parts_.empty()) {
      const auto& part = parts_.front();
      const auto copied = std::min(part.iov_len - taken_, record.size() - filled);
      std::memcpy(record.data() + filled, static_cast<const char*>(part.iov_base) + taken_, copied);
      filled += copied;
      taken_ += copied;
      if (taken_ == part.iov_len) {
        taken_ = 0;
        parts_ = parts_.subspan(1);
      }
    }
    return record.first(filled);
  }

private:
  std::span<const iovec> parts_;
  std::size_t taken_ = 0;
};

iovec part_of(std::span<const char> bytes) {
  // The kernel only reads it.
  return {const_cast<char*>(bytes.data()), bytes.size()};
}

} // namespace

wire_step tls_wire::shake_hands() {
  for (;;) {
    send_unsent();
    if (is_broken_) return {0, kind::ended};
    if (has_unsent()) return {0, kind::blocked};
    if (channel_->is_ready()) return {};
    std::span<const char> arrived{undecrypted_};
    if (const auto received = receive(arrived); received.what != kind::fine) return received;
    auto& encrypted = buffers().encrypted;
    const auto progress = channel_->shake_hands(arrived, encrypted);
    keep(arrived);
    send(encrypted);
    if (progress == tls_progress::plain_http) answer_plain_http();
    if (progress != tls_progress::fine && progress != tls_progress::needs_bytes) is_broken_ = true;
  }
}

wire_step tls_wire::read(std::span<char> into) {
  if (is_broken_ || input_over_) return {0, kind::ended};
  std::span<const char> arrived{undecrypted_};
  if (!channel_->has_decrypted())
    if (const auto received = receive(arrived); received.what != kind::fine) return received;
  auto& encrypted = buffers().encrypted;
  const auto [bytes, progress] = channel_->read(arrived, into, encrypted);
  keep(arrived);
  send(encrypted);
  input_over_ |= progress == tls_progress::closed;
  is_broken_ |= progress == tls_progress::broken || progress == tls_progress::plain_http;
  if (bytes > 0) return {bytes, kind::fine};
  return {0, is_broken_ || input_over_ ? kind::ended : kind::blocked};
}

wire_step tls_wire::write(std::span<const iovec> parts) {
  send_unsent();
  if (is_broken_) return {0, kind::ended};
  if (has_unsent()) return {0, kind::blocked};
  auto& [_, record, encrypted] = buffers();
  record_filler filler{parts};
  std::size_t bytes = 0;
  while (bytes < batch_bytes_max) {
    const auto filled = filler.next(record);
    if (filled.empty()) break;
    if (!channel_->write(filled, encrypted)) {
      is_broken_ = true;
      break;
    }
    bytes += filled.size();
  }
  send(encrypted);
  if (is_broken_) return {0, kind::ended};
  return {bytes, has_unsent() ? kind::blocked : kind::fine};
}

void tls_wire::end_writing() {
  auto& encrypted = buffers().encrypted;
  channel_->end(encrypted);
  send(encrypted);
  error_code ignored;
  socket_.shutdown(asio::socket_base::shutdown_send, ignored);
}

wire_step tls_wire::receive(std::span<const char>& arrived) {
  if (!arrived.empty()) return {arrived.size(), kind::fine};
  const auto received = receive_some(socket_.native_handle(), buffers().arrived);
  input_over_ |= received.what == kind::ended;
  arrived = std::span{buffers().arrived}.first(received.bytes);
  return received;
}

void tls_wire::keep(std::span<const char> rest) {
  if (rest.empty())
    undecrypted_ = {};
  else if (undecrypted_.empty())
    undecrypted_.assign(rest.begin(), rest.end());
  else
    undecrypted_.erase(undecrypted_.begin(), undecrypted_.end() - static_cast<std::ptrdiff_t>(rest.size()));
}

void tls_wire::send(std::vector<char>& encrypted) {
  // Nothing overtakes what waits.
  if (has_unsent()) {
    unsent_.insert(unsent_.end(), encrypted.begin(), encrypted.end());
  } else if (!encrypted.empty()) {
    auto part = part_of(encrypted);
    const auto sent = send_some(socket_.native_handle(), {&part, 1});
    if (sent.what == kind::ended) is_broken_ = true;
    if (sent.what == kind::blocked)
      unsent_.assign(encrypted.begin() + static_cast<std::ptrdiff_t>(sent.bytes), encrypted.end());
  }
  encrypted.clear();
  if (unsent_.size() > unsent_bytes_max) is_broken_ = true;
}

void tls_wire::send_unsent() {
  if (!has_unsent()) return;
  auto part = part_of(unsent_);
  const auto sent = send_some(socket_.native_handle(), {&part, 1});
  if (sent.what == kind::ended) is_broken_ = true;
  if (sent.what == kind::fine)
    unsent_ = {};
  else
    unsent_.erase(unsent_.begin(), unsent_.begin() + static_cast<std::ptrdiff_t>(sent.bytes));
}

void tls_wire::answer_plain_http() {
  static constexpr std::string_view answer =
      "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 30\r\nConnection: close\r\n\r\n"
      "This port speaks HTTPS only.\r\n";
  auto part = part_of(answer);
  (void)send_some(socket_.native_handle(), {&part, 1});
}

} // namespace parley::net
