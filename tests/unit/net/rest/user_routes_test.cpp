#include "tests/unit/net/rest/rest_stage.hpp"

using namespace parley;
using namespace parley::tests;

TEST_CASE_FIXTURE(rest_stage, "profile: one sees oneself with the time of creation") {
  introduce("ann", "Ann \"A\"");
  CHECK(body("ann", "GET", "/v1/me") == R"({"user":"ann","name":"Ann \"A\"","createdAt":1790000000000})");
}

TEST_CASE_FIXTURE(rest_stage, "profile: a new name is shown to everybody") {
  CHECK(body("ann", "PATCH", "/v1/me", R"({"name":"Zoë"})") ==
        R"({"user":"ann","name":"Zoë","createdAt":1790000000000})");
  CHECK(body("bob", "GET", "/v1/users/ann") == R"({"user":"ann","name":"Zoë"})");
  CHECK(body("ann", "PATCH", "/v1/me", R"({"name":""})") == R"({"user":"ann","name":"","createdAt":1790000000000})");
}

TEST_CASE_FIXTURE(rest_stage, "profile: a bad name is refused with its field") {
  for (const auto& given : {std::string{"{}"}, std::string{R"({"name":7})"}, std::string{R"({"name":null})"},
                            std::string{R"({"name":"a\nb"})"}, R"({"name":")" + std::string(129, 'x') + "\"}"}) {
    CAPTURE(given);
    const auto refused = ask("ann", "PATCH", "/v1/me", given);
    CHECK(refused.status == 400);
    CHECK(field(refused, "field") == "name");
  }
  CHECK(ask("ann", "PATCH", "/v1/me", "").status == 400);
  CHECK(ask("ann", "PATCH", "/v1/me", R"({"name":")" + std::string(128, 'x') + "\"}").status == 200);
}

TEST_CASE_FIXTURE(rest_stage, "users: who is looked up is found, not found, or has no such id") {
  introduce("a+b@example.com", "A");
  CHECK(body("ann", "GET", "/v1/users/a%2Bb%40example.com") == R"({"user":"a+b@example.com","name":"A"})");
  CHECK(body("ann", "GET", "/v1/users/a+b@example.com") == R"({"user":"a+b@example.com","name":"A"})");
  const auto missing = ask("ann", "GET", "/v1/users/nobody");
  CHECK(missing.status == 404);
  CHECK(error_code(missing) == "not_found");
  const auto bad = ask("ann", "GET", "/v1/users/-x");
  CHECK(bad.status == 400);
  CHECK(field(bad, "field") == "user");
}

TEST_CASE_FIXTURE(rest_stage, "users: a search finds by the beginning of id or name, at most twenty") {
  introduce("bob", "Robert");
  introduce("rob");
  CHECK(body("ann", "GET", "/v1/users?q=ro") ==
        R"({"items":[{"user":"bob","name":"Robert"},{"user":"rob","name":""}]})");
  CHECK(body("ann", "GET", "/v1/users?q=zz") == R"({"items":[]})");
  for (int i = 0; i < 25; ++i) introduce("many" + std::to_string(i));
  const auto many = body("ann", "GET", "/v1/users?q=many");
  std::size_t found = 0;
  for (auto at = many.find("\"user\""); at != std::string::npos; at = many.find("\"user\"", at + 1)) ++found;
  CHECK(found == 20);
}

TEST_CASE_FIXTURE(rest_stage, "users: a search needs something to search for") {
  for (const auto& query : {std::string{}, std::string{"?q="}, "?q=" + std::string(129, 'x'), std::string{"?q=%ff"},
                            std::string{"?q=%00"}}) {
    CAPTURE(query);
    const auto refused = ask("ann", "GET", "/v1/users" + query);
    CHECK(refused.status == 400);
    CHECK(field(refused, "field") == "q");
  }
}
