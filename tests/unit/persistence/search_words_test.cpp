#include "persistence/search_words.hpp"

#include <doctest/doctest.h>

#include "persistence/body_text.hpp"

namespace parley::tests {

using persistence::search_form;
using persistence::search_terms;
using persistence::text_of;

TEST_CASE("search form: words are in small letters behind one space each") {
  CHECK(search_form("  Don't STOP: a_b\n42!") == " don t stop a b 42");
  CHECK(search_form("") == "");
  CHECK(search_form(" .,- ") == "");
}

TEST_CASE("search form: Latin, Greek and Cyrillic letters become small ones") {
  CHECK(search_form("ÀÖÞ ß ŁŻŽ ĐİŸ") == " àöþ ß łżž đİŸ");
  CHECK(search_form("ΟΔΟΣ οδος") == " οδοσ οδοσ");
  CHECK(search_form("ЖЁЛТЫЙ") == " жёлтый");
}

TEST_CASE("search form: where words are written without spaces, every character is one") {
  CHECK(search_form("喝咖啡abc。好") == " 喝 咖 啡 abc 好");
  CHECK(search_form("ok🎉👍🏽❤️") == " ok 🎉 👍 ❤");
}

TEST_CASE("search terms: what has no words is left out") {
  CHECK(search_terms(" don't\t— stop ") == std::vector<std::string>{" don t", " stop"});
  CHECK(search_terms("?!").empty());
}

TEST_CASE("search terms: they match words in a row, the last one as a beginning") {
  const auto matches = [](std::string_view text, std::string_view query) {
    return persistence::matches(search_form(text), search_terms(query));
  };
  CHECK(matches("well, don't stop", "stop DON'T"));
  CHECK(matches("tomorrow morning", "morn tomo"));
  CHECK_FALSE(matches("tomorrow morning", "row"));
  CHECK_FALSE(matches("t don", "don't"));
}

TEST_CASE("search form: broken UTF-8 does no harm") {
  for (const auto* text : {"\xff", "a\xe2\x82", "\xf0", "\x80\x80"}) CHECK(search_form(text).size() < 16);
}

TEST_CASE("body text: it is the field `text` of the body itself, without escapes") {
  CHECK(text_of(R"({"text":"a \"b\" \\ c"})") == R"(a "b" \ c)");
  CHECK(text_of(R"({"text":"a\nb\u0007c"})") == "a b c");
  CHECK(text_of(R"({"data":{"text":"no","more":["text","}"]},"text":"yes"})") == "yes");
  CHECK(text_of(R"({"mentions":["text"],"text":""})") == "");
}

TEST_CASE("body text: a body without text has none, whatever else it holds") {
  for (const auto* body : {"{}", R"({"data":{"text":"no"}})", R"({"mentions":["text","no"]})", R"({"key":"text"})", "",
                           "{\"text\":\"", "{\"text", R"({"text":5})", "\\\"", "]]]{\"text\""}) {
    CAPTURE(body);
    CHECK(text_of(body).value_or("").empty());
  }
}

} // namespace parley::tests
