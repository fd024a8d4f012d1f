#include "tests/unit/net/rest/rest_stage.hpp"

using namespace parley;
using namespace parley::tests;

namespace {

struct files : rest_stage {
  [[nodiscard]] http_response upload(const std::string& user, const std::string& query, std::string content,
                                     std::string type = "text/plain") {
    return ask({.method = "POST",
                .target = *parse_target("/v1/files" + query),
                .body = std::move(content),
                .authorization = "Bearer " + token(user),
                .content_type = std::move(type)});
  }
  [[nodiscard]] http_response fetch(const std::string& user, const std::string& file, std::string if_none_match = {}) {
    return ask({.method = "GET",
                .target = *parse_target("/v1/files/" + file),
                .if_none_match = std::move(if_none_match),
                .authorization = "Bearer " + token(user)});
  }
  [[nodiscard]] auto room(std::optional<std::uint64_t> length, const std::string& authorization) const {
    return pages.room_for_body({.method = "POST", .target = *parse_target("/v1/files"), .authorization = authorization},
                               length);
  }
};

} // namespace

TEST_CASE_FIXTURE(files, "files: who uploads one is told what it is, and gets it back") {
  const auto stored = upload("ann", "?name=a%2Fb.txt", "abc", "text/plain;charset=utf-8");
  CHECK(stored.status == 200);
  const auto file = field(stored, "file");
  CHECK(
      *stored.body ==
      R"({"file":")" + file +
          R"(","name":"b.txt","size":3,"mime":"text/plain","sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"})");
  const auto got = fetch("ann", file);
  CHECK(got.status == 200);
  CHECK(*got.body == "abc");
  CHECK(got.content_type == "text/plain; charset=utf-8");
  CHECK(header(got, "Content-Disposition") == "attachment; filename=\"b.txt\"; filename*=UTF-8''b.txt");
  CHECK(header(got, "Content-Security-Policy") == "sandbox; default-src 'none'");
  CHECK(header(got, "X-Content-Type-Options") == "nosniff");
  CHECK(header(got, "Cache-Control") == "private, max-age=31536000, immutable");
  CHECK(header(got, "Vary") == "Authorization");
}

TEST_CASE_FIXTURE(files, "files: a page is not served as one") {
  const auto stored = upload("ann", "?name=a.html", "<script>", "text/html");
  CHECK(field(stored, "mime") == "text/html");
  CHECK(fetch("ann", field(stored, "file")).content_type == "application/octet-stream");
}

TEST_CASE_FIXTURE(files, "files: a file that the browser has is not sent again") {
  const auto file = field(upload("ann", "", "abc"), "file");
  const auto etag = *header(fetch("ann", file), "ETag");
  CHECK(etag == "\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"");
  const auto unchanged = fetch("ann", file, etag);
  CHECK(unchanged.status == 304);
  CHECK_FALSE(unchanged.body);
  CHECK(header(unchanged, "ETag") == etag);
  CHECK(fetch("ann", file, "\"x\"").status == 200);
  CHECK(fetch("bob", file, etag).status == 404);
}

TEST_CASE_FIXTURE(files, "files: others find nothing, as if there were nothing") {
  const auto file = field(upload("ann", "", "abc"), "file");
  const auto hidden = fetch("bob", file);
  const auto missing = fetch("bob", "00000000-0000-4000-8000-000000000000");
  CHECK(hidden.status == 404);
  CHECK(*hidden.body == *missing.body);
  CHECK(fetch("bob", "x").status == 400);
}

TEST_CASE_FIXTURE(files, "files: an empty one and a bad name are refused") {
  const auto empty = upload("ann", "", "");
  CHECK(empty.status == 400);
  CHECK(field(empty, "field") == "body");
  CHECK(field(upload("ann", "?name=%ff", "abc"), "field") == "name");
  CHECK(header(ask("ann", "DELETE", "/v1/files"), "Allow") == "POST");
}

TEST_CASE_FIXTURE(files, "files: a page of another origin may read its answer, which still depends on the token") {
  const auto file = field(upload("ann", "", "abc"), "file");
  const auto got = ask({.method = "GET",
                        .target = *parse_target("/v1/files/" + file),
                        .origin = "https://chat.example.com",
                        .host = "here",
                        .authorization = "Bearer " + token("ann")});
  CHECK(header(got, "Access-Control-Allow-Origin") == "https://chat.example.com");
  CHECK(header(got, "Vary") == "Authorization, Origin");
}

TEST_CASE_FIXTURE(files, "files: a large body is let in for somebody with a token, up to the limit") {
  const auto ann = "Bearer " + token("ann");
  CHECK(room(900, "").error().status == 401);
  CHECK(room(900, "Bearer x").error().status == 401);
  CHECK(room(1'001, ann).error().status == 413);
  const auto let_in = room(900, ann);
  REQUIRE(let_in);
  CHECK(let_in->bytes == 1'000);
  CHECK(let_in->place);
}

TEST_CASE_FIXTURE(files, "files: bodies on their way have room for some, and then the next has to wait") {
  const auto ann = "Bearer " + token("ann");
  // Without a length it may become as long as is allowed.
  const auto one = room(std::nullopt, ann);
  {
    const auto other = room(1'000, ann);
    CHECK(other);
    const auto third = room(1, ann);
    REQUIRE_FALSE(third);
    CHECK(third.error().status == 503);
    CHECK(error_code(third.error()) == "overloaded");
    CHECK(header(third.error(), "Retry-After") == "1");
  }
  CHECK(room(1'000, ann));
}

TEST_CASE_FIXTURE(files, "files: what is being read takes room as long as it is held") {
  const auto file = field(upload("ann", "", std::string(900, 'x')), "file");
  auto first = fetch("ann", file);
  auto second = fetch("ann", file);
  CHECK(fetch("ann", file).status == 503);
  first = {};
  CHECK(fetch("ann", file).status == 200);
}
