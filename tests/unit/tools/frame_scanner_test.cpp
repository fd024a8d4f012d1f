#include "tools/parleyload/frame_scanner.hpp"

#include <string>

#include <doctest/doctest.h>

using parley::load::scan_frame;
using parley::load::scanned_frame;

TEST_CASE("frame scanner: finds what it needs of a message") {
  scanned_frame frame;
  REQUIRE(scan_frame(
      R"({"type":"message","conversation":"c-1","seq":42,"id":"c-1:42","from":"ann","text":"hi","ts":1790000000123,"s":17})",
      frame));
  CHECK(frame.type == "message");
  CHECK(frame.conversation == "c-1");
  CHECK(frame.seq == 42);
  CHECK(frame.from == "ann");
  CHECK(frame.text == "hi");
  CHECK(frame.ts == 1790000000123);
  CHECK(frame.ref.empty());
}

TEST_CASE("frame scanner: neither order nor white space nor unknown fields matter") {
  scanned_frame frame;
  REQUIRE(scan_frame(
      " {\n\t\"ts\" : 5 , \"new\" : [ {\"seq\":1,\"text\":\"]}\"} , \"\\\"\" ] ,\"data\":{\"type\":\"no\",\"a\":{}},"
      "\"nothing\":null, \"seq\":7 ,\"duplicate\": true , \"ref\":\"9\",\"type\" : \"ack\" } \r\n",
      frame));
  CHECK(frame.type == "ack");
  CHECK(frame.seq == 7);
  CHECK(frame.ts == 5);
  CHECK(frame.ref == "9");
  CHECK(frame.duplicate);
  CHECK(frame.text.empty());
}

TEST_CASE("frame scanner: a text keeps its escapes and ends at its own quote") {
  scanned_frame frame;
  REQUIRE(scan_frame(R"({"text":"say \"seq\":9, \\","type":"message","seq":1})", frame));
  CHECK(frame.text == R"(say \"seq\":9, \\)");
  CHECK(frame.seq == 1);
}

TEST_CASE("frame scanner: errors tell their code and when to return") {
  scanned_frame frame;
  REQUIRE(scan_frame(
      R"({"type":"error","ref":"7","code":"rate_limited","message":"slower","retry":"later","retryAfterMs":400})",
      frame));
  CHECK(frame.code == "rate_limited");
  CHECK(frame.message == "slower");
  CHECK(frame.retry_after_ms == 400);
}

TEST_CASE("frame scanner: a welcome has what is needed to come back") {
  scanned_frame frame;
  REQUIRE(scan_frame(
      R"({"type":"welcome","session":"s-1","resumeKey":"k","resumed":true,"heartbeatMs":25000,"limits":{"s":1}})",
      frame));
  CHECK(frame.session == "s-1");
  CHECK(frame.resume_key == "k");
  CHECK(frame.resumed);
  CHECK(frame.heartbeat_ms == 25000);
  CHECK(frame.s == 0);
}

TEST_CASE("frame scanner: a page keeps its items as they stand") {
  scanned_frame frame;
  REQUIRE(scan_frame(R"({"type":"history","items":[{"seq":1,"text":"]"}, {"seq":2}],"data":[3],"s":9})", frame));
  CHECK(frame.items == R"([{"seq":1,"text":"]"}, {"seq":2}])");
  CHECK(frame.s == 9);
}

TEST_CASE("frame scanner: the empty object is one") {
  scanned_frame frame;
  CHECK(scan_frame("{}", frame));
  CHECK(scan_frame(" { } ", frame));
}

TEST_CASE("frame scanner: what is cut anywhere is not an object") {
  const std::string whole = R"({"type":"message","data":{"a":[1,"x"]},"seq":42,"text":"h\"i"})";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    scanned_frame frame;
    CAPTURE(size);
    CHECK(!scan_frame(std::string_view{whole}.substr(0, size), frame));
  }
  scanned_frame frame;
  CHECK(!scan_frame("[]", frame));
  CHECK(!scan_frame("{} {}", frame));
  CHECK(!scan_frame(R"({"a" 1})", frame));
  CHECK(!scan_frame(R"({"a":})", frame));
  CHECK(!scan_frame(R"({"a":1,})", frame));
}
