/// Which words occur in which messages. The index follows the log at some distance; whoever searches brings it up to
/// date first. Texts that are erased are forgotten by the database itself (`forget_words` in the layout).

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <parley/log_store.hpp>

#include "persistence/postgres/pool.hpp"

namespace parley::persistence::postgres {

/// Indexes what was written to the conversations of `user`, or to the one of them, before the call.
[[nodiscard]] result<void> catch_up(pool& to, const user_id& user, const std::optional<conversation_id>& conversation);

/// The words of a search form as a tsvector: `'don' 't' 'stop'`.
[[nodiscard]] std::string words_of(std::string_view form);

/// All words of all terms as a tsquery, the last one of each as a beginning: `'don' & 't':* & 'stop':*`. It finds all
/// that match and, as it knows nothing of their order, some more.
[[nodiscard]] std::string query_of(const std::vector<std::string>& terms);

} // namespace parley::persistence::postgres
