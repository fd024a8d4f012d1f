#include "tools/parleyctl/entry_text.hpp"

#include <boost/json.hpp>
#include <doctest/doctest.h>

using namespace parley::ctl;

namespace {

std::string words(const char* entry) { return entry_text(boost::json::parse(entry).as_object()); }

} // namespace

TEST_CASE("entry text: every kind of entry in words") {
  CHECK(words(R"({"type":"message","text":"hi"})") == "hi");
  CHECK(words(R"({"type":"message","text":"see","attachments":[{"file":"f"}]})") == "see (1 attached)");
  CHECK(words(R"({"type":"message","attachments":[{"file":"f"},{"file":"g"}]})") == "(2 attached)");
  CHECK(words(R"({"type":"message","data":{"a":1}})") == "(data)");
  CHECK(words(R"({"type":"message","deleted":true})") == "(deleted)");
  CHECK(words(R"({"type":"edited","target":3,"text":"ho"})") == "(edited 3) ho");
  CHECK(words(R"({"type":"reaction","target":3,"key":"+1","on":true})") == "(put +1 on 3)");
  CHECK(words(R"({"type":"member","action":"add","users":["cy","dan"]})") == "(add cy dan)");
  CHECK(words(R"({"type":"member","action":"role","users":["cy"],"role":"admin"})") == "(role cy as admin)");
}

TEST_CASE("entry text: fields of the wrong type do no harm") {
  CHECK(words(R"({"type":"message","text":5,"attachments":{}})").empty());
  CHECK(words(R"({"type":"member","action":7,"users":"cy"})") == "()");
}

TEST_CASE("printable: what would move a terminal's cursor is replaced") {
  CHECK(printable("Grüße 👋") == "Grüße 👋");
  CHECK(printable("a\nb\tc") == "a⏎b c");
  CHECK(printable("\033[2Jx\r\x7f") == "\ufffd[2Jx\ufffd\ufffd");
  CHECK(printable("\u009b2Jx") == "\ufffd2Jx"); // the single character that terminals take for ESC [
}
