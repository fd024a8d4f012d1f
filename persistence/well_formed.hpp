/// What every implementation of `log_store` expects of a write before it looks at its data.

#pragma once

#include <parley/log_store.hpp>

namespace parley::persistence {

/// `internal` for what only a defect of the writer can bring about: entries of another conversation, seqs that are not
/// consecutive, one client id twice in the same write (there is no "first" to answer with before it is committed).
[[nodiscard]] result<void> well_formed(const conversation_write& write);

} // namespace parley::persistence
