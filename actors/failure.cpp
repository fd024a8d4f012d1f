#include "actors/failure.hpp"

#include <caf/atom.hpp>
#include <caf/deep_to_string.hpp>
#include <caf/exit_reason.hpp>
#include <caf/message.hpp>
#include <caf/sec.hpp>
#include <fmt/format.h>

#include "actors/messages.hpp"

namespace parley::actors {

namespace {

constexpr auto category = caf::atom("parley");

} // namespace

caf::error to_caf(const error& why) {
  // To CAF code 0 means that nothing failed.
  return caf::error{static_cast<std::uint8_t>(static_cast<unsigned>(why.code) + 1), category, caf::make_message(why)};
}

error from_caf(const caf::error& why) {
  if (why.category() == category && why.context().match_elements<error>()) return why.context().get_as<error>(0);
  if (why == caf::sec::request_timeout) return {errc::timeout, "it took too long", {}, {}};
  // What CAF says of a request without a receiver: an unknown address, or a node that ends.
  if (why == caf::sec::invalid_argument) return {errc::unavailable, "nobody answers at this address", {}, {}};
  if (why == caf::sec::request_receiver_down || why.category() == caf::atom("exit"))
    return {errc::unavailable, "whoever should answer has ended", {}, {}};
  return {errc::internal, fmt::format("unexpected failure: {}", caf::to_string(why)), {}, {}};
}

} // namespace parley::actors
