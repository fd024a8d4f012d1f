/// Every kind of message that travels, in a form that tests can go through.

#pragma once

#include <cstdint>
#include <vector>

#include <caf/message.hpp>

#include "cluster/wire/message_codec.hpp"
#include "tests/unit/cluster/wire/filler.hpp"

namespace parley::tests {

struct travelling {
  cluster::wire::message_kind kind{};
  caf::message (*make)(filler& with) = nullptr;
  /// False also where a message has another type.
  bool (*are_same)(const caf::message& one, const caf::message& other) = nullptr;
};

[[nodiscard]] const std::vector<travelling>& all_travelling();

/// The link that `make` puts into messages, and that `any_link` makes for each session.
[[nodiscard]] const actors::client_link_ptr& the_link();
[[nodiscard]] cluster::wire::link_maker any_link();

/// A message of this kind; see `filler`.
[[nodiscard]] caf::message make(const travelling& kind, filling how, std::uint64_t number);

/// Of the environment (`PARLEY_SEED`), so that a failure can be seen again, or a new one every time.
[[nodiscard]] std::uint64_t first_seed();

} // namespace parley::tests
