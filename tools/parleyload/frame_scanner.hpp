/// Finds a few fields of a server's frame without building a tree: a load generator that shares its machine with the
/// server must not cost more than the server.

#pragma once

#include <cstdint>
#include <string_view>

namespace parley::load {

/// The fields we look at, wherever in the frame they stand. Texts point into the frame and keep its escapes; what is
/// absent is empty or 0.
struct scanned_frame {
  std::string_view type, ref, conversation, from, text, code, message, status, session, resume_key;
  /// An array as it stands in the frame, brackets included.
  std::string_view items;
  std::uint64_t seq = 0;
  std::int64_t ts = 0;
  std::int64_t retry_after_ms = 0;
  std::int64_t heartbeat_ms = 0;
  std::uint64_t s = 0;
  bool duplicate = false, resumed = false;
};

/// Reads the fields of the outermost object. False when it is not a whole JSON object; nested values are skipped and
/// not checked.
[[nodiscard]] bool scan_frame(std::string_view json, scanned_frame& frame);

} // namespace parley::load
