/// The JSON inside of a JSON Web Token. Nothing is believed here; `token_verifier` decides.

#pragma once

#include <parley/clock.hpp>
#include <parley/error.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::net {

/// Claims as they stand in a token (RFC 7519, section 4.1); plain numbers are seconds since the Unix epoch.
struct raw_claims {
  std::string subject;
  std::optional<std::string> device;
  std::int64_t expires_at = 0;
  std::optional<timestamp> issued_at;
  std::optional<std::int64_t> not_before;
  std::string issuer;
  std::vector<std::string> audience;
};

/// The `alg` of a header. Headers that name extensions a reader must know (`crit`) are refused, because we know none;
/// keys and addresses of keys in the header are not looked at.
[[nodiscard]] result<std::string> read_algorithm(std::string_view header);

/// Refuses claims of the wrong type and a missing `exp`; what else is missing stays empty.
[[nodiscard]] result<raw_claims> read_claims(std::string_view payload);

[[nodiscard]] std::string write_claims(const raw_claims& claims);

} // namespace parley::net
