/// What is said about a file, to whom it is sent and by whom. Users send each other whatever they like, so a browser is
/// told to show only what cannot act.

#pragma once

#include <string>
#include <string_view>

#include <parley/error.hpp>

namespace parley::net {

inline constexpr std::size_t file_name_bytes_max = 255;

/// The name of an uploaded file: without the folders before it and without characters that are not seen, cut to
/// `file_name_bytes_max`. Empty is a name too. `invalid_argument` if it is not UTF-8.
[[nodiscard]] result<std::string> clean_file_name(std::string_view given);

/// Type and subtype of a `Content-Type` in lower case, or `application/octet-stream` if it says none.
[[nodiscard]] std::string media_type(std::string_view content_type);

/// The `Content-Type` under which a file of this type is served.
[[nodiscard]] std::string_view served_type(std::string_view mime);

/// The value of `Content-Disposition` (RFC 6266).
[[nodiscard]] std::string content_disposition(std::string_view mime, std::string_view name);

} // namespace parley::net
