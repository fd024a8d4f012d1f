/// A certificate authority of one's own, made when the test runs, and what it issues: for 127.0.0.1 and localhost.

#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <parley/settings.hpp>

namespace parley::certificates {
struct identity;
} // namespace parley::certificates

namespace parley::testing {

/// In PEM.
struct issued_certificate {
  std::string cert;
  std::string key;
};

class certificate_authority {
public:
  certificate_authority();

  /// Of its own, in PEM.
  [[nodiscard]] std::string certificate() const;
  /// `name` is its common name; it ends after `days`, or has ended.
  [[nodiscard]] issued_certificate issue(const std::string& name, int days = 30) const;

private:
  std::shared_ptr<const certificates::identity> self_;
};

/// The private key in PEM, encrypted with a password.
[[nodiscard]] std::string encrypted(const std::string& key);

/// Replaces a file at once, as those do that renew certificates.
void put_file(const std::filesystem::path& path, const std::string& text);
/// Writes a certificate and its key into `folder`.
[[nodiscard]] tls_settings put_pair(const std::filesystem::path& folder, const issued_certificate& pair);

} // namespace parley::testing
