#include <doctest/doctest.h>

#include <string>

#include <fmt/format.h>

#include "tests/unit/core/decoding.hpp"
#include "tests/unit/core/sample.hpp"

namespace parley::tests {

namespace {

const auto lunch = conversation_number(1);
const auto dinner = conversation_number(2);

std::string in_lunch(std::string_view type, std::string_view rest = {}) {
  return fmt::format(R"({{"type":"{}","conversation":"{}"{}}})", type, to_string(lunch), rest);
}

} // namespace

TEST_CASE("codec: the smallest send has a receiver and a text") {
  const auto send = accepted<send_request>(R"({"type":"send","to":"bob","text":"hi"})");
  CHECK(send.to == bob);
  CHECK_FALSE(send.conversation);
  CHECK_FALSE(send.client);
  CHECK(send.echo);
  CHECK(send.content.body == R"({"text":"hi"})");
  CHECK(send.content.reply_to == 0);
  CHECK_FALSE(send.content.silent);
}

TEST_CASE("codec: a send keeps every field of the message in its body, and nothing else") {
  const auto send = accepted<send_request>(in_lunch(
      "send", R"(,"ref":"7","clientId":"018F2A7C-0000-7ABC-8DEF-0123456789AB","text":"a\"b","data":{"x":[1,null]},)"
              R"("replyTo":41,"mentions":["cy"],"attachments":[],"silent":true,"echo":false,"colour":"red")"));
  CHECK(send.conversation == lunch);
  CHECK_FALSE(send.to);
  REQUIRE(send.client);
  CHECK(send.client->text == "018F2A7C-0000-7ABC-8DEF-0123456789AB");
  CHECK(to_string(send.client->id) == "018f2a7c-0000-7abc-8def-0123456789ab");
  CHECK_FALSE(send.echo);
  CHECK(send.content.body == R"({"text":"a\"b","data":{"x":[1,null]},"replyTo":41,"mentions":["cy"],"silent":true})");
  CHECK(send.content.reply_to == 41);
  CHECK(send.content.mentions == std::vector{cy});
  CHECK(send.content.silent);
}

TEST_CASE("codec: data can stand for the text") {
  CHECK(accepted<send_request>(R"({"type":"send","to":"bob","data":{}})").content.body == R"({"data":{}})");
  CHECK(accepted<send_request>(R"({"type":"send","to":"bob","data":{},"text":""})").content.body ==
        R"({"text":"","data":{}})");
}

TEST_CASE("codec: text and mentions are accepted up to their limits") {
  const auto long_text = fmt::format(R"({{"type":"send","to":"bob","text":"{}"}})", std::string(16'384, 'x'));
  CHECK(accepted<send_request>(long_text).content.body.size() == 16'384 + 11);
  std::string fifty{R"("cy")"};
  for (int i = 1; i < 50; ++i) fifty.append(R"(,"cy")");
  const auto text = fmt::format(R"({{"type":"send","to":"bob","text":"hi","mentions":[{}]}})", fifty);
  CHECK(accepted<send_request>(text).content.mentions.size() == 50);
}

TEST_CASE("codec: received and read carry one position or several") {
  auto request = accepted<positions_request>(in_lunch("received", R"(,"seq":42)"));
  CHECK_FALSE(request.read);
  REQUIRE(request.positions.size() == 1);
  CHECK(request.positions[0].conversation == lunch);
  CHECK(request.positions[0].seq == 42);

  request = accepted<positions_request>(
      fmt::format(R"({{"type":"read","private":true,"positions":[{{"conversation":"{}","seq":0}},)"
                  R"({{"conversation":"{}","seq":9007199254740991}}]}})",
                  to_string(lunch), to_string(dinner)));
  CHECK(request.read);
  CHECK(request.is_private);
  REQUIRE(request.positions.size() == 2);
  CHECK(request.positions[0].seq == 0);
  CHECK(request.positions[1].conversation == dinner);
  CHECK(request.positions[1].seq == 9'007'199'254'740'991);

  CHECK_FALSE(accepted<positions_request>(in_lunch("received", R"(,"seq":1,"private":true)")).is_private);
  CHECK(accepted<positions_request>(R"({"type":"read","positions":[]})").positions.empty());
}

TEST_CASE("codec: create needs members only") {
  auto create = accepted<create_request>(R"({"type":"create","members":[]})");
  CHECK(create.members.empty());
  CHECK(create.title.empty());
  CHECK(create.history == history_policy::all);
  CHECK(create.mode == delivery_mode::push);
  CHECK(create.data.empty());

  create = accepted<create_request>(
      R"({"type":"create","title":"Lunch","members":["bob","cy"],"history":"joined","mode":"pull","data":{"a": 1},)"
      R"("clientId":"018f2a7c-0000-7abc-8def-0123456789ab"})");
  CHECK(create.title == "Lunch");
  CHECK(create.members == std::vector{bob, cy});
  CHECK(create.history == history_policy::joined);
  CHECK(create.mode == delivery_mode::pull);
  CHECK(create.data == R"({"a":1})");
  CHECK(create.client);
}

TEST_CASE("codec: lists and pages have their default sizes") {
  CHECK(accepted<conversations_request>(R"({"type":"conversations"})").limit == 50);
  CHECK(accepted<conversations_request>(R"({"type":"conversations","limit":100})").limit == 100);
  CHECK(accepted<conversation_request>(in_lunch("conversation")).conversation == lunch);

  auto members = accepted<members_request>(in_lunch("members"));
  CHECK(members.conversation == lunch);
  CHECK(members.limit == 100);
  CHECK_FALSE(members.after);
  members = accepted<members_request>(in_lunch("members", R"(,"after":"bob","limit":200)"));
  CHECK(members.after == bob);
  CHECK(members.limit == 200);

  auto history = accepted<history_request>(in_lunch("history"));
  CHECK(history.limit == 50);
  CHECK_FALSE(history.before);
  CHECK_FALSE(history.after);
  CHECK_FALSE(history.around);
  history = accepted<history_request>(in_lunch("history", R"(,"before":0,"limit":200)"));
  CHECK(history.before == 0);
  CHECK(history.limit == 200);
  CHECK(accepted<history_request>(in_lunch("history", R"(,"around":7)")).around == 7);
}

TEST_CASE("codec: whole numbers may be written with a fraction or an exponent") {
  CHECK(accepted<history_request>(in_lunch("history", R"(,"after":7.0)")).after == 7);
  CHECK(accepted<history_request>(in_lunch("history", R"(,"after":1e3)")).after == 1000);
}

TEST_CASE("codec: ping and auth are read") {
  CHECK(decode_frame(R"({"type":"ping","ref":"p"})", {}).ref == "p");
  accepted<ping_request>(R"({"type":"ping"})");
  CHECK(accepted<auth_request>(R"({"type":"auth","token":"a.b.c"})").token == "a.b.c");
}

TEST_CASE("codec: a place in the list of conversations survives its text form") {
  const list_position place{moment(5), lunch};
  const auto text = encode_list_position(place);
  const auto read = decode_list_position(text);
  REQUIRE(read);
  CHECK(read->at == place.at);
  CHECK(read->conversation == lunch);
  const auto request = accepted<conversations_request>(fmt::format(R"({{"type":"conversations","after":"{}"}})", text));
  CHECK(request.after->conversation == lunch);
  for (const auto* wrong : {"", ".", "1790000000005", "x.00000000-0000-0000-0000-000000000001",
                            "1 .00000000-0000-0000-0000-000000000001", "99999999999999999999.x", "5.lunch"})
    CHECK_FALSE(decode_list_position(wrong));
}

TEST_CASE("codec: the bodies of the account requests are read") {
  const auto given = decode_credentials(R"({"user":"ann","password":"secret 1","name":"Ann","device":"phone"})");
  REQUIRE(given);
  CHECK(given->user == "ann");
  CHECK(given->password == "secret 1");
  CHECK(given->name == "Ann");
  CHECK(given->device == device_id{"phone"});
  CHECK(decode_credentials(R"({"user":"ann"})").error().field == "password");
  CHECK(decode_credentials(R"({"password":"secret 1"})").error().field == "user");
  CHECK(decode_credentials(R"({"user":"ann","password":"x","device":"my phone"})").error().field == "device");
  CHECK(decode_credentials("[]").error().code == errc::bad_frame);

  CHECK(decode_refresh(R"({"refreshToken":"abc"})") == "abc");
  CHECK(decode_refresh("{}").error().field == "refreshToken");
}

} // namespace parley::tests
