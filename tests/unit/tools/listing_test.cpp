#include "tools/parleyctl/listing.hpp"

#include <cstdlib>
#include <ctime>

#include <boost/json.hpp>
#include <doctest/doctest.h>

using namespace parley::ctl;

namespace {

// Local time is UTC here, whatever the machine says.
std::string line(std::string (*line_of)(const boost::json::object&), const char* item) {
  ::setenv("TZ", "UTC", 1);
  ::tzset();
  return line_of(boost::json::parse(item).as_object());
}

} // namespace

TEST_CASE("listing: a conversation with its name, what is unread, and its last entry") {
  CHECK(line(conversation_line, R"({"conversation":"c","kind":"direct","title":"","peer":"bob","unread":2,
             "last":{"type":"message","seq":3,"from":"bob","text":"hi","ts":1790000000000}})") ==
        "c  direct    2 unread  bob  2026-09-21 14:13  bob: hi");
  CHECK(line(conversation_line, R"({"conversation":"c","kind":"group","title":"Trip","unread":0,
             "last":{"type":"member","action":"add","users":["cy"],"from":"ann","ts":1790000000000}})") ==
        "c  group     0 unread  Trip  2026-09-21 14:13  ann (add cy)");
  CHECK(line(conversation_line, R"({"conversation":"c","kind":"group","title":"","unread":12})") ==
        "c  group    12 unread  (no title)");
}

TEST_CASE("listing: an entry with its number, a found one with its id") {
  const auto* const entry = R"({"type":"message","id":"c:7","seq":7,"from":"ann","text":"ho","ts":0,"editedAt":1})";
  CHECK(line(entry_line, entry) == "   7  1970-01-01 00:00  ann: ho (edited)");
  CHECK(line(found_line, entry) == "c:7  1970-01-01 00:00  ann: ho (edited)");
}

TEST_CASE("listing: a device with how it is notified") {
  CHECK(line(device_line, R"({"device":"phone","lastUsed":60000,"push":{"kind":"webpush"}})") ==
        "phone  1970-01-01 00:01  webpush");
  CHECK(line(device_line, R"({"device":"pc","lastUsed":60000})") == "pc  1970-01-01 00:01");
}

TEST_CASE("listing: what others wrote stays in its line") {
  CHECK(line(entry_line, R"({"type":"message","seq":1,"from":"a\u001b","text":"x\ny\u001b[2J","ts":0})") ==
        "   1  1970-01-01 00:00  a\ufffd: x⏎y\ufffd[2J");
  CHECK(line(conversation_line, R"({"conversation":"c","kind":"group","title":"a\rb","unread":0})") ==
        "c  group     0 unread  a\ufffdb");
}
