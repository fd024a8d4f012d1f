/// Looks at certificates before anything depends on them.

#pragma once

#include "cluster/link/peer_links.hpp"

namespace parley::cluster::link {

/// The files can be read, the key belongs to the certificate, the authority has signed it, and it has not run out.
/// `invalid_argument` with the setting at fault in `field`.
[[nodiscard]] result<void> check_tls_files(const tls_files& files);

} // namespace parley::cluster::link
