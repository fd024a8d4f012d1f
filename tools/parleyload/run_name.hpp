/// The names of one run: its users and the ids of its messages occur in no other run, and can be made again from their
/// numbers, so that nothing about a message needs to be kept to repeat it.

#pragma once

#include <string>

#include <parley/clock.hpp>
#include <parley/ids.hpp>

#include "tools/parleyload/payload.hpp"

namespace parley::load {

class run_name {
public:
  /// Named after the time it began.
  explicit run_name(timestamp began);

  /// Letters and digits.
  [[nodiscard]] const std::string& text() const { return text_; }
  /// `load-<run>-<pair><side>`; `side` is a letter.
  [[nodiscard]] user_id user(std::uint32_t pair, char side) const;
  /// Appends the `clientId` of a message in text form.
  void append_client_id(std::string& out, const payload_id& message) const;

private:
  std::string text_;
  std::uint64_t began_ms_;
};

} // namespace parley::load
