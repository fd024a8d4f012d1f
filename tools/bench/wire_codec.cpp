/// What it costs to turn messages between nodes into bytes and back:
///
///   wire_codec [SECONDS]
///
/// Prints a line for each message: its size, and nanoseconds of one thread per encoding and per decoding (the median of
/// nine runs of SECONDS, by default 0.2).

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <string>
#include <utility>

#include <caf/make_message.hpp>
#include <fmt/format.h>

#include "cluster/wire/delivery.hpp"
#include "cluster/wire/envelope.hpp"
#include "cluster/wire/message_codec.hpp"

namespace {

using namespace parley;
using namespace parley::cluster::wire;
using std::chrono::steady_clock;

/// Keeps the compiler from leaving out what nobody looks at.
template <class Value> void keep(const Value& value) { asm volatile("" : : "g"(&value) : "memory"); }

/// Nanoseconds a call, the median of several runs.
template <class Call> double cost_of(std::chrono::duration<double> length, Call call) {
  std::array<double, 9> runs{};
  for (auto& run : runs) {
    const auto begin = steady_clock::now();
    const auto end = begin + std::chrono::duration_cast<steady_clock::duration>(length);
    std::size_t calls = 0;
    for (; steady_clock::now() < end; calls += 16)
      for (int i = 0; i < 16; ++i) call();
    run = std::chrono::duration<double, std::nano>(steady_clock::now() - begin).count() / static_cast<double>(calls);
  }
  std::ranges::sort(runs);
  return runs[runs.size() / 2];
}

void measure(std::string_view name, const caf::message& message, std::chrono::duration<double> length) {
  const auto sent = encode(message);
  if (!sent) {
    fmt::print(stderr, "wire_codec: {}: {}\n", name, sent.error().detail);
    std::exit(1);
  }
  const auto encoding = cost_of(length, [&] { keep(encode(message)); });
  const link_maker no_links;
  const auto decoding = cost_of(length, [&] { keep(decode(sent->kind, sent->bytes, no_links)); });
  fmt::print("{:40} {:7} bytes, encode {:9.0f} ns, decode {:9.0f} ns\n", name, sent->bytes.size(), encoding, decoding);
}

void measure(std::string_view name, const envelope& what, std::chrono::duration<double> length) {
  const auto bytes = encode_envelope(what);
  const auto encoding = cost_of(length, [&] { keep(encode_envelope(what)); });
  const auto decoding = cost_of(length, [&] { keep(decode_envelope(bytes, body_bytes_max)); });
  fmt::print("{:40} {:7} bytes, encode {:9.0f} ns, decode {:9.0f} ns\n", name, bytes.size(), encoding, decoding);
}

std::string body_of_200() { return R"({"text":")" + std::string(189, 'x') + R"("})"; }

acknowledgement ack_of(const conversation_id& conversation) {
  return {.ref = "17",
          .client = to_string(random_uuid()),
          .conversation = conversation,
          .seq = 1'234,
          .at = from_millis(1'790'000'000'000),
          .duplicate = false};
}

actors::append_entry append() {
  actors::append_entry order;
  order.request.author = {"somebody"};
  order.request.client = client_id{random_uuid()};
  order.request.content = message_content{.body = body_of_200(), .print = random_uuid().bytes};
  order.request.print = random_uuid().bytes;
  order.origin = entry_origin{.session = {random_uuid()}, .ack = ack_of(random_conversation())};
  return order;
}

live_entry_ptr item() {
  entry one{.conversation = random_conversation(), .seq = 1'234, .author = {"somebody"}};
  one.client = client_id{random_uuid()};
  one.body = body_of_200();
  one.at = from_millis(1'790'000'000'000);
  return make_live(one, entry_origin{.session = {random_uuid()}, .ack = ack_of(one.conversation)});
}

fan_out for_users(std::size_t count) {
  fan_out news{.users = {}, .except = {}, .call = push_call{item()}};
  for (std::size_t i = 0; i < count; ++i) news.users.push_back({fmt::format("somebody-{:06}", i)});
  return news;
}

deliver for_sessions(std::size_t count) {
  deliver news{.sessions = {}, .call = push_call{item()}};
  for (std::size_t i = 0; i < count; ++i) news.sessions.push_back({random_uuid()});
  return news;
}

} // namespace

int main(int count, char** words) {
  const std::chrono::duration<double> length{count > 1 ? std::strtod(words[1], nullptr) : 0.2};
  const auto order = caf::make_message(append());
  measure("append_entry, body of 200 bytes", order, length);
  measure("the envelope around it",
          envelope{.to = {"conversation", to_string(random_uuid())},
                   .kind = message_kind::append_entry,
                   .view = 17,
                   .trace = {},
                   .deadline = std::chrono::seconds{5},
                   .correlation = 123'456,
                   .body = encode(order)->bytes},
          length);
  measure("entry_appended", caf::make_message(actors::entry_appended{1'234, from_millis(1'790'000'000'000), false}),
          length);
  measure("move_position",
          caf::make_message(actors::move_position{
              .user = {"somebody"}, .device = {"phone"}, .session = {random_uuid()}, .seq = 1'234}),
          length);
  for (const std::size_t users : {1, 10, 1'000})
    measure(fmt::format("fan_out to {} users, entry of 200 bytes", users), caf::make_message(for_users(users)), length);
  for (const std::size_t sessions : {1, 1'000})
    measure(fmt::format("deliver to {} sessions, the same entry", sessions), caf::make_message(for_sessions(sessions)),
            length);
}
