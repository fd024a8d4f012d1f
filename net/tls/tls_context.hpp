/// What the TLS connections of clients are made with: a certificate chain and its private key, from two PEM files.
///
/// Renewed files are noticed by the next handshake, which looks at them at most once a second; connections that are
/// open keep what they have. Files that do not fit are logged once, and those before stay in use. Any thread; outlives
/// nothing that it gives.

#pragma once

#include "net/tls/tls_channel.hpp"

#include <parley/clock.hpp>
#include <parley/error.hpp>
#include <parley/settings.hpp>

#include <memory>
#include <mutex>
#include <optional>

#include <sys/types.h>

struct ssl_ctx_st;

namespace parley::net {

struct ssl_ctx_deleter {
  void operator()(ssl_ctx_st* context) const;
};
using ssl_ctx_ptr = std::unique_ptr<ssl_ctx_st, ssl_ctx_deleter>;

/// By what a file that was changed or replaced is told apart.
struct file_stamp {
  dev_t device = 0;
  ino_t number = 0;
  off_t bytes = 0;
  std::int64_t changed_ns = 0;

  friend bool operator==(const file_stamp&, const file_stamp&) = default;
};

class tls_context {
public:
  /// `invalid_argument` with the setting and the file, when one of them cannot be read, holds no PEM of its kind, or
  /// they do not belong together.
  [[nodiscard]] static result<std::unique_ptr<tls_context>> load(const tls_settings& files, const clock& time);

  /// Logs until when the certificate is valid. For a node that has started: one that does not says nothing else.
  void log_validity();

  /// The server's end of a new connection; null when there is no memory for it.
  [[nodiscard]] std::unique_ptr<tls_channel> open_channel();

private:
  struct file_stamps {
    file_stamp cert;
    file_stamp key;

    friend bool operator==(const file_stamps&, const file_stamps&) = default;
  };

  tls_context(tls_settings files, const clock& time) : files_{std::move(files)}, time_{time} {}
  [[nodiscard]] file_stamps look() const;
  [[nodiscard]] result<void> renew(const file_stamps& found);
  void renew_if_due();
  void tell_validity() const;

  tls_settings files_;
  const clock& time_;
  std::mutex lock_;
  ssl_ctx_ptr current_;
  file_stamps loaded_;
  instant loaded_at_;
  instant looked_at_;
  /// Those that were refused last.
  std::optional<file_stamps> refused_;
};

} // namespace parley::net
