#include <doctest/doctest.h>

#include <string>
#include <vector>

#include <fmt/format.h>

#include "tests/unit/core/decoding.hpp"

namespace parley::tests {

namespace {

const std::string id = R"("00000000-0000-0000-0000-000000000001")";

struct refusal {
  /// The fields behind `"type":…`.
  std::string fields;
  std::string field;
  errc code = errc::invalid_argument;
};

void check_all(std::string_view type, const std::vector<refusal>& table) {
  for (const auto& [fields, field, code] : table)
    check_refused(fmt::format(R"({{"type":"{}"{}{}}})", type, fields.empty() ? "" : ",", fields), code, field);
}

std::string list_of(std::size_t count, std::string_view element) {
  std::string list{"["};
  for (std::size_t i = 0; i < count; ++i) list.append(i > 0 ? "," : "").append(element);
  return list + "]";
}

std::string text_of(std::size_t bytes) { return fmt::format(R"("{}")", std::string(bytes, 'x')); }

} // namespace

TEST_CASE("codec: every frame needs a type that exists") {
  check_refused("{}", errc::invalid_argument, "type");
  check_refused(R"({"type":7})", errc::invalid_argument, "type");
  check_refused(R"({"type":null})", errc::invalid_argument, "type");
  check_refused(R"({"type":"dance"})", errc::unknown_type, "type");
  check_refused(R"({"type":"Send"})", errc::unknown_type, "type");
  check_refused(R"({"type":""})", errc::unknown_type, "type");
}

TEST_CASE("codec: a ref is a string of at most 64 characters") {
  check_refused(R"({"type":"ping","ref":7})", errc::invalid_argument, "ref");
  check_refused(R"({"type":"ping","ref":null})", errc::invalid_argument, "ref");
  check_refused(fmt::format(R"({{"type":"ping","ref":{}}})", text_of(65)), errc::invalid_argument, "ref");
}

TEST_CASE("codec: auth is refused field by field") {
  check_all("auth", {{"", "token"}, {R"("token":7)", "token"}, {R"("token":null)", "token"}});
}

TEST_CASE("codec: send is refused field by field") {
  const auto to = [](const std::string& rest) { return R"("to":"bob",)" + rest; };
  check_all("send", {
                        {R"("text":"hi")", "conversation"},
                        {R"("text":"hi","to":"bob","conversation":)" + id, "to"},
                        {R"("text":"hi","to":7)", "to"},
                        {R"("text":"hi","to":"no good")", "to"},
                        {R"("text":"hi","to":"")", "to"},
                        {R"("text":"hi","conversation":7)", "conversation"},
                        {R"("text":"hi","conversation":"lunch")", "conversation"},
                        {R"("to":"bob")", "text"},
                        {to(R"("text":"")"), "text"},
                        {to(R"("text":7)"), "text"},
                        {to(R"("text":null)"), "text"},
                        {to(R"("text":)" + text_of(16'385)), "text", errc::too_large},
                        {to(R"("text":"hi","clientId":7)"), "clientId"},
                        {to(R"("text":"hi","clientId":"m1")"), "clientId"},
                        {to(R"("data":"x")"), "data"},
                        {to(R"("data":[])"), "data"},
                        {to(R"("data":null)"), "data"},
                        {to(R"("text":"hi","replyTo":0)"), "replyTo"},
                        {to(R"("text":"hi","replyTo":-1)"), "replyTo"},
                        {to(R"("text":"hi","replyTo":1.5)"), "replyTo"},
                        {to(R"("text":"hi","replyTo":"1")"), "replyTo"},
                        {to(R"("text":"hi","replyTo":9007199254740992)"), "replyTo"},
                        {to(R"("text":"hi","replyTo":18446744073709551615)"), "replyTo"},
                        {to(R"("text":"hi","replyTo":1e300)"), "replyTo"},
                        {to(R"("text":"hi","mentions":"cy")"), "mentions"},
                        {to(R"("text":"hi","mentions":[7])"), "mentions"},
                        {to(R"("text":"hi","mentions":["no good"])"), "mentions"},
                        {to(R"("text":"hi","mentions":)" + list_of(51, R"("cy")")), "mentions"},
                        {to(R"("text":"hi","attachments":{})"), "attachments"},
                        {to(R"("text":"hi","silent":1)"), "silent"},
                        {to(R"("text":"hi","echo":"no")"), "echo"},
                    });
}

TEST_CASE("codec: received and read are refused field by field") {
  const auto both = [](const std::vector<refusal>& table) {
    check_all("received", table);
    check_all("read", table);
  };
  const auto position = [](std::string_view rest) { return fmt::format(R"({{"conversation":{}{}}})", id, rest); };
  both({
      {"", "conversation"},
      {R"("conversation":)" + id, "seq"},
      {R"("seq":1)", "conversation"},
      {R"("seq":1,"conversation":"lunch")", "conversation"},
      {R"("seq":-1,"conversation":)" + id, "seq"},
      {R"("seq":"1","conversation":)" + id, "seq"},
      {R"("seq":9007199254740992,"conversation":)" + id, "seq"},
      {R"("positions":{})", "positions"},
      {R"("positions":[7])", "positions"},
      {R"("positions":[{"seq":1}])", "positions"},
      {fmt::format(R"("positions":[{}])", position("")), "positions"},
      {fmt::format(R"("positions":[{},{}])", position(R"(,"seq":1)"), position(R"(,"seq":-1)")), "positions"},
      {R"("positions":)" + list_of(1'001, position(R"(,"seq":1)")), "positions", errc::too_many},
  });
  check_all("read", {{R"("private":1,"seq":1,"conversation":)" + id, "private"}});
}

TEST_CASE("codec: create is refused field by field") {
  const auto with = [](const std::string& rest) { return R"("members":["bob"],)" + rest; };
  check_all("create", {
                          {"", "members"},
                          {R"("members":"bob")", "members"},
                          {R"("members":[7])", "members"},
                          {R"("members":["no good"])", "members"},
                          {with(R"("title":7)"), "title"},
                          {with(R"("title":)" + text_of(513)), "title", errc::too_large},
                          {with(R"("history":"some")"), "history"},
                          {with(R"("history":true)"), "history"},
                          {with(R"("mode":"fast")"), "mode"},
                          {with(R"("data":[])"), "data"},
                          {with(R"("clientId":"m1")"), "clientId"},
                      });
  const auto crowd = fmt::format(R"({{"type":"create","members":{}}})", list_of(4, R"("bob")"));
  CHECK(refused(crowd, {.members = 3}).code == errc::too_many);
}

TEST_CASE("codec: lists and pages are refused field by field") {
  check_all("conversations", {
                                 {R"("after":7)", "after"},
                                 {R"("after":"yesterday")", "after"},
                                 {R"("limit":0)", "limit"},
                                 {R"("limit":101)", "limit"},
                                 {R"("limit":"9")", "limit"},
                             });
  check_all("conversation", {{"", "conversation"}, {R"("conversation":[])", "conversation"}});
  const auto in_lunch = [](const std::string& rest) { return fmt::format(R"("conversation":{},{})", id, rest); };
  check_all("members", {
                           {"", "conversation"},
                           {R"("conversation":"lunch")", "conversation"},
                           {in_lunch(R"("after":"no good")"), "after"},
                           {in_lunch(R"("limit":0)"), "limit"},
                           {in_lunch(R"("limit":201)"), "limit"},
                       });
  check_all("history", {
                           {"", "conversation"},
                           {R"("conversation":"lunch")", "conversation"},
                           {in_lunch(R"("before":-1)"), "before"},
                           {in_lunch(R"("after":"1")"), "after"},
                           {in_lunch(R"("around":1.5)"), "around"},
                           {in_lunch(R"("limit":0)"), "limit"},
                           {in_lunch(R"("limit":201)"), "limit"},
                           {in_lunch(R"("before":5,"after":1)"), "before"},
                           {in_lunch(R"("before":5,"around":1)"), "before"},
                           {in_lunch(R"("after":5,"around":1)"), "after"},
                       });
}

} // namespace parley::tests
