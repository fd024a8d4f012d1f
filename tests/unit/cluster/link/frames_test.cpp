#include <string>

#include <doctest/doctest.h>
#include <parley_link_pb/link.pb.h>

#include "cluster/link/frames.hpp"

using namespace parley;
using namespace parley::cluster::link;

namespace {

constexpr std::size_t envelopes_max = 8'192;

std::string without_length(const std::string& whole) { return whole.substr(4); }

template <class Frame> Frame round_trip(const Frame& what) {
  const auto read = decode(without_length(encode(what)), envelopes_max);
  REQUIRE(read);
  const auto* const same = std::get_if<Frame>(&*read);
  REQUIRE(same != nullptr);
  return *same;
}

std::string bytes_of(const pb::frame& what) { return what.SerializeAsString(); }

} // namespace

TEST_CASE("frames: a hello arrives as it was said") {
  const auto read = round_trip(hello_frame{.cluster = "one",
                                           .node = "a",
                                           .incarnation = 7,
                                           .protocol = {1, 2},
                                           .view = 9,
                                           .window_envelopes = 10,
                                           .window_bytes = 11,
                                           .envelope_bytes_max = 12,
                                           .expected_node = "b"});
  CHECK(read.cluster == "one");
  CHECK(read.node == "a");
  CHECK(read.incarnation == 7);
  CHECK(read.protocol == cluster::wire::protocol_range{1, 2});
  CHECK(read.view == 9);
  CHECK(read.window_envelopes == 10);
  CHECK(read.window_bytes == 11);
  CHECK(read.envelope_bytes_max == 12);
  CHECK(read.expected_node == "b");
}

TEST_CASE("frames: the envelopes of a batch keep their order, empty ones too") {
  const std::vector<std::string> envelopes{"one", "", std::string(3, '\0'), "four"};
  const auto read = round_trip(batch_frame{envelopes, 10});
  CHECK(read.envelopes == envelopes);
  CHECK(read.bytes == 10);
}

TEST_CASE("frames: the others arrive") {
  CHECK(round_trip(refusal_frame{"because"}).why == "because");
  CHECK(round_trip(credit_frame{3, 400}).envelopes == 3);
  CHECK(round_trip(credit_frame{3, 400}).bytes == 400);
  (void)round_trip(heartbeat_frame{});
  (void)round_trip(farewell_frame{});
}

TEST_CASE("frames: a batch whose sizes do not fit is refused") {
  pb::frame wire;
  wire.mutable_batch()->add_sizes(4);
  wire.mutable_batch()->set_bytes("abc");
  CHECK(!decode(bytes_of(wire), envelopes_max));
  wire.mutable_batch()->set_bytes("abcd");
  CHECK(decode(bytes_of(wire), envelopes_max));
  // They would fit if they were counted with 32 bits.
  wire.mutable_batch()->add_sizes(0x80000000U);
  wire.mutable_batch()->add_sizes(0x80000000U);
  CHECK(!decode(bytes_of(wire), envelopes_max));
  wire.mutable_batch()->clear_sizes();
  wire.mutable_batch()->clear_bytes();
  CHECK(!decode(bytes_of(wire), envelopes_max));
}

TEST_CASE("frames: a batch of more envelopes than may be unacknowledged is refused") {
  pb::frame wire;
  for (int i = 0; i < 5; ++i) wire.mutable_batch()->add_sizes(0);
  CHECK(decode(bytes_of(wire), 5));
  CHECK(!decode(bytes_of(wire), 4));
}

TEST_CASE("frames: what a newer version would send is passed over, and garbage is not") {
  // Field 15, an empty message.
  const auto newer = decode(std::string{"\x7a\x00", 2}, envelopes_max);
  REQUIRE(newer);
  CHECK(std::holds_alternative<unknown_frame>(*newer));
  CHECK(!decode("\xff\xff\xff", envelopes_max));
}

TEST_CASE("frame_reader: frames come out whole, however the bytes came in") {
  const auto bytes = encode(refusal_frame{"one"}) + encode(heartbeat_frame{}) + encode(refusal_frame{"three"});
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    frame_reader reader;
    std::string seen;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      reader.append(std::string_view{bytes}.substr(at, step));
      for (auto next = reader.next(100); *next; next = reader.next(100)) {
        const auto read = decode(**next, envelopes_max);
        REQUIRE(read);
        if (const auto* const refusal = std::get_if<refusal_frame>(&*read))
          seen += refusal->why + " ";
        else
          seen += "beat ";
      }
    }
    CHECK(seen == "one beat three ");
  }
}

TEST_CASE("frame_reader: a frame that is too long is refused by its length alone") {
  frame_reader reader;
  reader.append(std::string_view{"\x00\x00\x01\x01", 4});
  CHECK(!reader.next(256));
  CHECK(reader.next(257));
}
