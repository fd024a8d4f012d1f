#include "tests/system/tls_node.hpp"

#include <fmt/format.h>

namespace parley::tests {

tls_files::tls_files()
    : authority{folder.path() / "authority.pem"}, pair{put_pair(folder.path(), issuer.issue("first"))} {
  testing::put_file(authority, issuer.certificate());
}

std::vector<std::string> tls_files::settings(const std::vector<std::string>& more) const {
  std::vector<std::string> all{fmt::format("http.tls.cert={}", pair.cert), fmt::format("http.tls.key={}", pair.key)};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

tls_node::tls_node(const std::vector<std::string>& settings) : running_node{tls_files::settings(settings)} {
  running_node::authority = tls_files::authority;
}

tcp_stream tls_node::stream(tls_options tls) const {
  tls.authority = running_node::authority;
  return tcp_stream{url(), tls};
}

} // namespace parley::tests
