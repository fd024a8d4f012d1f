#include "cluster/wire/message_codec.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <typeindex>
#include <unordered_map>

#include <caf/make_message.hpp>
#include <fmt/format.h>
#include <parley_wire_pb/messages.pb.h>

#include "cluster/wire/actor_messages.hpp"
#include "cluster/wire/append_messages.hpp"
#include "cluster/wire/delivery_messages.hpp"

namespace parley::cluster::wire {

namespace {

using kind = message_kind;

/// How one kind of message is encoded and decoded.
struct codec {
  message_kind number{};
  const std::type_info* type = nullptr;
  std::string (*encode)(const caf::message& what) = nullptr;
  /// Nothing for bytes that are no such message; whatever else is wrong is noted.
  std::optional<caf::message> (*decode)(std::string_view bytes, reading& notes) = nullptr;
};

/// Where the parts of one message lie while it is read or written: most need no other memory than this.
class workplace {
public:
  workplace() : arena_{options()} {}

  template <class Wire> Wire& make() { return *google::protobuf::Arena::CreateMessage<Wire>(&arena_); }

private:
  google::protobuf::ArenaOptions options() {
    google::protobuf::ArenaOptions made;
    made.initial_block = block_.data();
    made.initial_block_size = block_.size();
    return made;
  }

  alignas(8) std::array<char, 2048> block_;
  google::protobuf::Arena arena_;
};

template <class Message, class Wire> std::string encode_as(const caf::message& what) {
  workplace place;
  auto& wire = place.make<Wire>();
  write(what.get_as<Message>(0), wire);
  return wire.SerializeAsString();
}

template <class Message, class Wire> std::optional<caf::message> decode_as(std::string_view bytes, reading& notes) {
  workplace place;
  auto& wire = place.make<Wire>();
  if (!wire.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return std::nullopt;
  Message message;
  read(wire, message, notes);
  return caf::make_message(std::move(message));
}

template <class Message, class Wire> codec codec_of(message_kind number) {
  return {number, &typeid(Message), encode_as<Message, Wire>, decode_as<Message, Wire>};
}

const std::array codecs{
    codec_of<actors::append_entry, pb::append_entry>(kind::append_entry),
    codec_of<actors::move_position, pb::move_position>(kind::move_position),
    codec_of<actors::mute_conversation, pb::mute_conversation>(kind::mute_conversation),
    codec_of<actors::change_block, pb::change_block>(kind::change_block),
    codec_of<actors::tell_typing, pb::tell_typing>(kind::tell_typing),
    codec_of<actors::begin_focus, pb::begin_focus>(kind::begin_focus),
    codec_of<actors::end_focus, pb::end_focus>(kind::end_focus),
    codec_of<actors::settle_positions, pb::settle_positions>(kind::settle_positions),
    codec_of<actors::attach_session, pb::attach_session>(kind::attach_session),
    codec_of<actors::detach_session, pb::detach_session>(kind::detach_session),
    codec_of<actors::show_presence, pb::show_presence>(kind::show_presence),
    codec_of<actors::watch_presence, pb::watch_presence>(kind::watch_presence),
    codec_of<actors::unwatch_presence, pb::unwatch_presence>(kind::unwatch_presence),
    codec_of<actors::hide_presence, pb::hide_presence>(kind::hide_presence),
    codec_of<actors::completed, pb::completed>(kind::completed),
    codec_of<actors::entry_appended, pb::entry_appended>(kind::entry_appended),
    codec_of<parley::error, pb::error>(kind::error),
    codec_of<fan_out, pb::fan_out>(kind::fan_out),
    codec_of<deliver, pb::deliver>(kind::deliver),
};

/// Nothing for a message that does not travel.
const codec* find_by_type(const caf::message& what) {
  static const auto by_type = [] {
    std::unordered_map<std::type_index, const codec*> made;
    for (const auto& one : codecs) made.emplace(*one.type, &one);
    return made;
  }();
  // CAF gives no type for those that it knows itself; none of them travels.
  const auto* type = what.size() == 1 ? what.type(0).second : nullptr;
  if (!type) return nullptr;
  const auto found = by_type.find(*type);
  return found == by_type.end() ? nullptr : found->second;
}

const codec* find_by_number(message_kind number) {
  static const auto by_number = [] {
    std::array<const codec*, kinds_end> made{};
    for (const auto& one : codecs) made.at(static_cast<std::size_t>(one.number)) = &one;
    return made;
  }();
  const auto index = static_cast<std::size_t>(number);
  return index < by_number.size() ? by_number[index] : nullptr;
}

error too_large(message_kind what, std::size_t bytes, std::size_t bytes_max) {
  return {
      errc::too_large, fmt::format("{} of {} bytes; at most {} may travel", to_string(what), bytes, bytes_max), {}, {}};
}

} // namespace

result<encoded> encode(const caf::message& what, std::size_t bytes_max) {
  const auto* with = find_by_type(what);
  if (!with) return fail(errc::internal, fmt::format("a message of {} elements that does not travel", what.size()));
  encoded made{with->number, with->encode(what)};
  if (made.bytes.size() > bytes_max) return fail(too_large(made.kind, made.bytes.size(), bytes_max));
  return made;
}

result<caf::message> decode(message_kind kind, std::string_view bytes, const link_maker& links, std::size_t bytes_max) {
  // Protocol Buffers counts with an int.
  if (bytes.size() > std::min<std::size_t>(bytes_max, std::numeric_limits<int>::max()))
    return fail(too_large(kind, bytes.size(), bytes_max));
  const auto* with = find_by_number(kind);
  if (!with) return fail(errc::unknown_type, fmt::format("{} is none that this version knows", to_string(kind)));
  reading notes{links};
  auto made = with->decode(bytes, notes);
  if (!made) return fail(errc::bad_frame, fmt::format("{} bytes that are no {}", bytes.size(), to_string(kind)));
  if (auto problem = notes.problem()) {
    problem->detail = fmt::format("{}: {}", to_string(kind), problem->detail);
    return fail(std::move(*problem));
  }
  return std::move(*made);
}

} // namespace parley::cluster::wire
