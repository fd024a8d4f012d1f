/// A node that speaks TLS, with a certificate that an authority of its own has issued.

#pragma once

#include <filesystem>

#include "tests/system/running_node.hpp"
#include "tests/unit/net/tls/certificates.hpp"

namespace parley::tests {

/// The files of a node, there before it starts.
struct tls_files {
  tls_files();
  /// What the node is told, and further settings.
  [[nodiscard]] std::vector<std::string> settings(const std::vector<std::string>& more = {}) const;

  temporary_directory folder;
  testing::certificate_authority issuer;
  std::string authority;
  tls_settings pair;
};

class tls_node : private tls_files, public running_node {
public:
  explicit tls_node(const std::vector<std::string>& settings = {});

  using running_node::authority;
  using tls_files::issuer;

  [[nodiscard]] const std::filesystem::path& certificates() const { return folder.path(); }
  /// Bytes under TLS.
  [[nodiscard]] tcp_stream stream(tls_options tls = {}) const;
  /// Bytes instead of TLS.
  [[nodiscard]] tcp_stream raw() const { return tcp_stream{"http://" + authority_of(url())}; }
};

} // namespace parley::tests
