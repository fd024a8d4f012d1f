/// A private authority for one cluster: its certificate, its key, and what it signs. Whoever has a certificate of it is
/// a node of the cluster, so it signs for nodes and for nothing else, and its key stays off the nodes.

#pragma once

#include <string>
#include <vector>

#include <parley/error.hpp>

namespace parley::certificates {

/// Where the two lie: PEM files `NAME.pem` and `NAME.key`, the key with mode 0600.
struct file_pair {
  std::string certificate;
  std::string key;
};

[[nodiscard]] file_pair pair_in(const std::string& folder, const std::string& name);

constexpr int authority_days = 3'650;
constexpr int node_days = 397;
constexpr int days_max = 36'500;

/// Makes an authority, ECDSA on P-256. `conflict` when one of the files exists: what it has signed would be worthless.
[[nodiscard]] result<void> create_authority(const file_pair& files, const std::string& name, int days = authority_days);

struct node_request {
  std::string node;
  /// Names and addresses at which it is reached; at least one.
  std::vector<std::string> hosts;
  int days = node_days;
};

/// Signs a new key, for both ends of a connection. Files that exist are replaced, so this renews as well. The
/// certificate does not outlive the authority.
[[nodiscard]] result<void> issue_certificate(const file_pair& authority, const node_request& request,
                                             const file_pair& files);

} // namespace parley::certificates
