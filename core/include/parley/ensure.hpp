/// Our own mistakes. What a peer can send is a `parley::error`; what only a defect of ours can bring about is checked
/// here.

#pragma once

#include <source_location>
#include <stdexcept>

namespace parley {

/// A defect was found. The actor or thread that throws it ends; its state is rebuilt from storage.
class defect : public std::logic_error {
public:
  using std::logic_error::logic_error;
};

/// Throws `defect` with `sentence` and the place unless `condition` holds.
void ensure(bool condition, const char* sentence, std::source_location place = std::source_location::current());

} // namespace parley
