/// Bodies of HTTP requests that are no frames, and the answers to them.
///
/// Pure functions, any thread. Nothing throws on bad input; it becomes an `error` with the field at fault.

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <parley/account_store.hpp>
#include <parley/device_store.hpp>
#include <parley/file_store.hpp>

namespace parley {

/// A push target as it is kept has at most so many bytes.
inline constexpr std::size_t push_bytes_max = 4'096;

/// Reads `{"name":"…"}`.
[[nodiscard]] result<std::string> decode_profile(std::string_view text);

struct device_update {
  /// JSON object, or empty to remove it; absent: as it was.
  std::optional<std::string> push;
};

/// Reads `{"push":{"kind":"webpush"|"fcm"|"apns"|"webhook",…}}` or `{"push":null}`. What a kind does not need is the
/// client's own and kept.
[[nodiscard]] result<device_update> decode_device_update(std::string_view text);

/// What everybody may see of a user.
[[nodiscard]] std::string encode_user(const account& user);
[[nodiscard]] std::string encode_users(std::span<const account> users);
/// What a user sees of itself.
[[nodiscard]] std::string encode_profile(const account& self);

[[nodiscard]] std::string encode_device(const device& item);
[[nodiscard]] std::string encode_devices(std::span<const device> items);

[[nodiscard]] std::string encode_file(const stored_file& file);

/// In lower case.
[[nodiscard]] std::string to_hex(std::span<const std::uint8_t> bytes);

} // namespace parley
