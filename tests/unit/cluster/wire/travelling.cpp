#include "tests/unit/cluster/wire/travelling.hpp"

#include <cstddef>
#include <cstdlib>
#include <random>

#include <caf/make_message.hpp>

namespace parley::tests {

namespace {

using cluster::wire::message_kind;

template <class Message> travelling row(message_kind kind) {
  return {kind,
          [](filler& with) {
            Message made;
            with.fill(made);
            return caf::make_message(std::move(made));
          },
          [](const caf::message& one, const caf::message& other) {
            return one.match_elements<Message>() && other.match_elements<Message>() &&
                   same(one.get_as<Message>(0), other.get_as<Message>(0));
          }};
}

} // namespace

const std::vector<travelling>& all_travelling() {
  using kind = message_kind;
  static const std::vector<travelling> all{
      row<actors::append_entry>(kind::append_entry),
      row<actors::move_position>(kind::move_position),
      row<actors::mute_conversation>(kind::mute_conversation),
      row<actors::change_block>(kind::change_block),
      row<actors::tell_typing>(kind::tell_typing),
      row<actors::begin_focus>(kind::begin_focus),
      row<actors::end_focus>(kind::end_focus),
      row<actors::settle_positions>(kind::settle_positions),
      row<actors::attach_session>(kind::attach_session),
      row<actors::detach_session>(kind::detach_session),
      row<actors::show_presence>(kind::show_presence),
      row<actors::watch_presence>(kind::watch_presence),
      row<actors::unwatch_presence>(kind::unwatch_presence),
      row<actors::hide_presence>(kind::hide_presence),
      row<actors::completed>(kind::completed),
      row<actors::entry_appended>(kind::entry_appended),
      row<error>(kind::error),
      row<cluster::wire::fan_out>(kind::fan_out),
      row<cluster::wire::deliver>(kind::deliver),
  };
  return all;
}

const actors::client_link_ptr& the_link() {
  // Nobody calls it; it only has to be told from null.
  alignas(std::max_align_t) static std::byte place{};
  static const actors::client_link_ptr link{std::make_shared<int>(0), reinterpret_cast<actors::client_link*>(&place)};
  return link;
}

cluster::wire::link_maker any_link() {
  return [](const session_id&) { return the_link(); };
}

caf::message make(const travelling& kind, filling how, std::uint64_t number) {
  filler with{how, number, the_link()};
  return kind.make(with);
}

std::uint64_t first_seed() {
  if (const auto* given = std::getenv("PARLEY_SEED")) return std::stoull(given);
  return std::random_device{}();
}

} // namespace parley::tests
