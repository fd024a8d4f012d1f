/// TLS for one connection, without its socket: what the network carries on one side, what is said on the other.
///
/// On one thread at a time. Holds no buffer while nothing is under way: what is to be sent goes into the caller's, and
/// OpenSSL gives its own back. What a peer can send ends the connection at worst.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

struct ssl_st;
struct bio_st;

namespace parley::net {

struct ssl_deleter {
  void operator()(ssl_st* connection) const;
};
using ssl_ptr = std::unique_ptr<ssl_st, ssl_deleter>;

enum class tls_progress : std::uint8_t {
  fine,
  /// All bytes are taken, and it goes on with more of them.
  needs_bytes,
  /// The peer has said goodbye.
  closed,
  /// No TLS, or none that we accept.
  broken,
  /// The same, and it is a request of HTTP: somebody has mistaken the port.
  plain_http,
};

struct tls_reading {
  std::size_t bytes = 0;
  /// Why there are no more; `fine`: there may be.
  tls_progress progress = tls_progress::fine;
};

class tls_channel {
public:
  /// `connection` knows which side it is on.
  explicit tls_channel(ssl_ptr connection);
  tls_channel(const tls_channel&) = delete;
  tls_channel& operator=(const tls_channel&) = delete;
  ~tls_channel();

  // Each takes what has `arrived` from its front, as far as there is a use for it, and appends to `to_send` what the
  // peer has to get, an alert for instance.

  [[nodiscard]] tls_progress shake_hands(std::span<const char>& arrived, std::vector<char>& to_send);
  /// Fills `into` as far as what has arrived goes.
  [[nodiscard]] tls_reading read(std::span<const char>& arrived, std::span<char> into, std::vector<char>& to_send);

  /// Encrypts all of `bytes`. False when the connection cannot be written to any more.
  [[nodiscard]] bool write(std::span<const char> bytes, std::vector<char>& to_send);
  /// Says goodbye; nothing may be written after that.
  void end(std::vector<char>& to_send);

  [[nodiscard]] bool is_ready() const;
  /// What is wrong with the peer's certificate; empty: nothing, or none was asked for.
  [[nodiscard]] std::string_view why_untrusted() const;
  /// Something is decrypted that `read` had no room for.
  [[nodiscard]] bool has_decrypted() const;

private:
  friend struct tls_channel_bio;
  class exchange;

  ssl_ptr ssl_;
  // During a call.
  std::span<const char> arrived_;
  std::vector<char>* to_send_ = nullptr;
};

} // namespace parley::net
