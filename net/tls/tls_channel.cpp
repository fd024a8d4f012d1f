#include "net/tls/tls_channel.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>

namespace parley::net {

/// What OpenSSL reads from and writes to: the spans of the call that is under way.
struct tls_channel_bio {
  static int read(BIO* bio, char* to, int size) {
    BIO_clear_retry_flags(bio);
    auto& arrived = static_cast<tls_channel*>(BIO_get_data(bio))->arrived_;
    if (size <= 0) return 0;
    if (arrived.empty()) {
      BIO_set_retry_read(bio);
      return -1;
    }
    const auto taken = std::min(arrived.size(), static_cast<std::size_t>(size));
    std::memcpy(to, arrived.data(), taken);
    arrived = arrived.subspan(taken);
    return static_cast<int>(taken);
  }

  static int write(BIO* bio, const char* from, int size) {
    auto* const to_send = static_cast<tls_channel*>(BIO_get_data(bio))->to_send_;
    if (to_send == nullptr || size < 0) return -1;
    to_send->insert(to_send->end(), from, from + size);
    return size;
  }

  static long control(BIO* /*bio*/, int what, long /*number*/, void* /*pointer*/) { return what == BIO_CTRL_FLUSH; }

  static const BIO_METHOD* method() {
    static const auto* const made = [] {
      auto* const fresh = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "parley");
      if (fresh == nullptr) throw std::bad_alloc{};
      BIO_meth_set_read(fresh, read);
      BIO_meth_set_write(fresh, write);
      BIO_meth_set_ctrl(fresh, control);
      return fresh;
    }();
    return made;
  }
};

/// Lends the spans of a call to OpenSSL, and leaves nothing of its errors behind: their queue is the thread's.
class tls_channel::exchange {
public:
  exchange(tls_channel& channel, std::span<const char>& arrived, std::vector<char>& to_send)
      : channel_{channel}, arrived_{arrived} {
    channel_.arrived_ = arrived;
    channel_.to_send_ = &to_send;
    ERR_clear_error();
  }
  exchange(const exchange&) = delete;
  exchange& operator=(const exchange&) = delete;
  ~exchange() {
    arrived_ = channel_.arrived_;
    channel_.arrived_ = {};
    channel_.to_send_ = nullptr;
    ERR_clear_error();
  }

  /// What it means that `result` is no success.
  [[nodiscard]] tls_progress why(int result) const {
    const auto last = ERR_peek_error();
    switch (SSL_get_error(channel_.ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ: return tls_progress::needs_bytes;
    case SSL_ERROR_ZERO_RETURN: return tls_progress::closed;
    default: break;
    }
    const auto is_http = ERR_GET_LIB(last) == ERR_LIB_SSL && ERR_GET_REASON(last) == SSL_R_HTTP_REQUEST;
    return is_http ? tls_progress::plain_http : tls_progress::broken;
  }

private:
  tls_channel& channel_;
  std::span<const char>& arrived_;
};

void ssl_deleter::operator()(ssl_st* connection) const { SSL_free(connection); }

tls_channel::tls_channel(ssl_ptr connection) : ssl_{std::move(connection)} {
  auto* const bio = BIO_new(tls_channel_bio::method());
  if (bio == nullptr) throw std::bad_alloc{};
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
}

tls_channel::~tls_channel() = default;

tls_progress tls_channel::shake_hands(std::span<const char>& arrived, std::vector<char>& to_send) {
  const exchange use{*this, arrived, to_send};
  const auto result = SSL_do_handshake(ssl_.get());
  return result == 1 ? tls_progress::fine : use.why(result);
}

tls_reading tls_channel::read(std::span<const char>& arrived, std::span<char> into, std::vector<char>& to_send) {
  const exchange use{*this, arrived, to_send};
  std::size_t bytes = 0;
  // A record each.
  while (bytes < into.size()) {
    std::size_t some = 0;
    const auto result = SSL_read_ex(ssl_.get(), into.data() + bytes, into.size() - bytes, &some);
    if (result != 1) return {bytes, use.why(result)};
    bytes += some;
  }
  return {bytes, tls_progress::fine};
}

bool tls_channel::write(std::span<const char> bytes, std::vector<char>& to_send) {
  std::span<const char> nothing;
  const exchange use{*this, nothing, to_send};
  while (!bytes.empty()) {
    std::size_t some = 0;
    if (SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &some) != 1) return false;
    bytes = bytes.subspan(some);
  }
  return true;
}

void tls_channel::end(std::vector<char>& to_send) {
  std::span<const char> nothing;
  const exchange use{*this, nothing, to_send};
  if (is_ready()) (void)SSL_shutdown(ssl_.get());
}

bool tls_channel::is_ready() const { return SSL_is_init_finished(ssl_.get()) == 1; }

std::string_view tls_channel::why_untrusted() const {
  const auto verdict = SSL_get_verify_result(ssl_.get());
  return verdict == X509_V_OK ? std::string_view{} : X509_verify_cert_error_string(verdict);
}

bool tls_channel::has_decrypted() const { return SSL_pending(ssl_.get()) > 0; }

} // namespace parley::net
