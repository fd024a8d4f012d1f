/// What clients say to each other in most tests, in one line each.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/system/client.hpp"

namespace parley::tests {

// Requests without a `ref`; `client::ask` and `client::post` add one.

[[nodiscard]] std::string send_to(std::string_view user, std::string_view text, std::string_view client_id = "");
[[nodiscard]] std::string send_in(std::string_view conversation, std::string_view text,
                                  std::string_view client_id = "");
[[nodiscard]] std::string create_group(const std::vector<std::string>& members, std::string_view title = "");
[[nodiscard]] std::string position(std::string_view type, std::string_view conversation, std::int64_t seq);
[[nodiscard]] std::string history_after(std::string_view conversation, std::int64_t seq, int limit = 200);

/// A UUID that no other call answers.
[[nodiscard]] std::string new_client_id();

/// The whole log of a conversation as `reader` sees it, page by page.
[[nodiscard]] std::vector<json> whole_history(client& reader, std::string_view conversation);
/// The message pushes among `frames`.
[[nodiscard]] std::vector<json> messages_in(const std::vector<json>& frames);
/// Whether the seqs are `first`, `first` + 1, … without a hole.
[[nodiscard]] bool is_dense(const std::vector<json>& entries, std::int64_t first = 1);

} // namespace parley::tests
