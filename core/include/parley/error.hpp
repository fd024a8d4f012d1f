/// What can go wrong, in the words of the client protocol.
///
/// Every failure that leaves a function is a `parley::error`; its code is what clients read on the wire, what metrics
/// are labelled with and what logs name. `detail` is for people.

#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace parley {

enum class errc {
  bad_frame,
  unknown_type,
  invalid_argument,
  unauthenticated,
  token_expired,
  forbidden,
  blocked,
  not_found,
  conflict,
  client_id_conflict,
  too_large,
  too_many,
  rate_limited,
  overloaded,
  unavailable,
  timeout,
  internal,
};

/// What the one who asked should do next.
enum class retry_advice { no, same, later, reauth };

struct error {
  errc code = errc::internal;
  std::string detail;
  /// The field at fault, for `invalid_argument` and `too_large`.
  std::string field;
  /// When to try again, for `rate_limited` and `overloaded`.
  std::chrono::milliseconds retry_after{0};

  friend bool operator==(const error&, const error&) = default;
};

template <class T> using result = tl::expected<T, error>;

[[nodiscard]] inline tl::unexpected<error> fail(errc code, std::string detail, std::string field = {}) {
  return tl::unexpected<error>{error{code, std::move(detail), std::move(field), {}}};
}

[[nodiscard]] inline tl::unexpected<error> fail(error why) { return tl::unexpected<error>{std::move(why)}; }

/// The code as it stands on the wire: `not_found`.
[[nodiscard]] std::string_view to_string(errc code);
[[nodiscard]] std::string_view to_string(retry_advice advice);
[[nodiscard]] retry_advice advice_for(errc code);
/// The HTTP status that goes with `code`.
[[nodiscard]] unsigned http_status(errc code);

} // namespace parley
