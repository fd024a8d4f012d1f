#include <doctest/doctest.h>

#include <fmt/format.h>

#include "tests/system/chat.hpp"
#include "tests/system/rest_caller.hpp"

namespace parley::tests {

namespace {

constexpr std::size_t file_bytes_max = 25 * 1'048'576;

std::string noise(std::size_t size) {
  std::string out(size, '\0');
  std::uint32_t state = 1;
  for (auto& c : out) c = static_cast<char>((state = state * 1'664'525 + 1'013'904'223) >> 24);
  return out;
}

} // namespace

TEST_CASE("rest: a file is for its uploader until it is sent, then for the conversation too") {
  const running_node node;
  rest_caller ann{node, node.token("ann")}, bob{node, node.token("bob")}, cy{node, node.token("cy")};
  node.introduce({"ann", "bob", "cy"});
  const auto stored = ann.call("POST", "/v1/files?name=cat.png", "not really a cat", {{"content-type", "image/png"}});
  CHECK(stored.status == 200);
  CHECK(stored.json()["size"] == 16);
  CHECK(stored.json()["mime"] == "image/png");
  CHECK(stored.json()["sha256"].text().size() == 64);
  const auto path = "/v1/files/" + stored.json()["file"].text();
  CHECK(ann.get(path).body == "not really a cat");
  CHECK(bob.get(path).status == 404);

  const auto sent = ann.post(
      "/v1/messages", fmt::format(R"({{"to":"bob","attachments":[{{"file":{}}}]}})", stored.json()["file"].dump()));
  CHECK(sent.json()["type"] == "ack");
  const auto got = bob.get(path);
  CHECK(got.body == "not really a cat");
  CHECK(got.header("content-disposition").starts_with("inline"));
  CHECK(got.header("x-content-type-options") == "nosniff");
  CHECK(cy.get(path).status == 404);
  CHECK(node.http().get(path + "?token=" + bob.token()).status == 200);
  CHECK(bob.get(path, {{"if-none-match", got.header("etag")}}).status == 304);
  const auto head = bob.call("HEAD", path);
  CHECK(head.header("content-length") == "16");
  CHECK(head.body.empty());
}

TEST_CASE("rest: a file may have 25 MiB and no byte more") {
  const running_node node;
  rest_caller ann{node, node.token("ann")};
  const auto content = noise(file_bytes_max);
  const auto stored = ann.post("/v1/files", content);
  REQUIRE(stored.status == 200);
  CHECK(stored.json()["size"] == file_bytes_max);
  CHECK((ann.get("/v1/files/" + stored.json()["file"].text()).body == content));

  const auto refused = ann.call("POST", "/v1/files", {}, {{"content-length", fmt::to_string(file_bytes_max + 1)}});
  CHECK(refused.status == 413);
  CHECK(refused.json()["code"] == "too_large");
}

TEST_CASE("rest: a file may come in chunks, and its bound holds there too") {
  const running_node node;
  const auto chunked = [&](std::size_t chunks) {
    rest_caller ann{node, node.token("ann")};
    auto& http = ann.http();
    http.write(http.text_of("POST", "/v1/files",
                            {{"authorization", "Bearer " + ann.token()}, {"transfer-encoding", "chunked"}}));
    const auto chunk = fmt::format("100000\r\n{}\r\n", std::string(1 << 20, 'x'));
    for (std::size_t i = 0; i < chunks; ++i) http.write(chunk);
    http.write("0\r\n\r\n");
    return http.read();
  };
  CHECK(chunked(25).json()["size"] == file_bytes_max);
  CHECK(chunked(26).status == 413);
}

TEST_CASE("rest: nobody without a token has a large body read") {
  const running_node node;
  auto http = node.http();
  const auto refused =
      http.request("POST", "/v1/files", {{"content-length", "1000000"}, {"expect", "100-continue"}}, {});
  CHECK(refused.status == 401);
  auto other = node.http();
  CHECK(other.request("POST", "/v1/login", {{"content-length", "65537"}}, {}).status == 413);
}

TEST_CASE("rest: the token of a file's address is in no log") {
  running_node node;
  const auto token = node.token("ann");
  CHECK(node.http().get("/v1/files/00000000-0000-4000-8000-000000000000?token=" + token).status == 404);
  CHECK(node.process.stop() == process_end{});
  CHECK(node.process.log().find(token) == std::string::npos);
}

} // namespace parley::tests
