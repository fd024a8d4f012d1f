#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "tests/system/running_node.hpp"

namespace parley::tests {

namespace {

/// A web client, and a file beside its folder that is nobody's business.
struct website {
  website() {
    const auto root = folder.path() / "web";
    std::filesystem::create_directories(root / "assets");
    write("web/index.html", "<!doctype html><title>Parley</title>");
    write("web/assets/app-1a2b3c.js", "export {};");
    write("web/assets/app-1a2b3c.css", "body{}");
    write("web/manifest.webmanifest", "{}");
    write("web/icon.svg", "<svg/>");
    write("secret.txt", "nobody's business");
  }

  void write(const std::string& name, std::string_view content) const {
    std::ofstream{folder.path() / name, std::ios::binary} << content;
  }
  [[nodiscard]] std::vector<std::string> settings() const {
    return {"http.web_root=" + (folder.path() / "web").string()};
  }

  temporary_directory folder;
};

} // namespace

TEST_CASE("static files: each has its type, its headers and a strict policy") {
  const website site;
  const running_node node{site.settings()};
  auto http = node.http();
  const auto index = http.get("/");
  CHECK(index.status == 200);
  CHECK(index.body == "<!doctype html><title>Parley</title>");
  CHECK(index.header("content-type") == "text/html; charset=utf-8");
  const auto policy = index.header("content-security-policy");
  CHECK(policy.find("default-src 'none'") != std::string::npos);
  CHECK(policy.find("script-src 'self'") != std::string::npos);
  CHECK(policy.find("frame-ancestors 'none'") != std::string::npos);
  CHECK(policy.find("unsafe") == std::string::npos);
  CHECK(index.header("x-content-type-options") == "nosniff");
  CHECK(index.header("referrer-policy") == "no-referrer");
  CHECK(index.header("cache-control") == "no-cache");

  CHECK(http.get("/index.html").body == index.body);
  CHECK(http.get("/?from=mail").body == index.body);
  CHECK(http.get("/assets/app-1a2b3c.js").header("content-type") == "text/javascript; charset=utf-8");
  CHECK(http.get("/assets/app-1a2b3c.css").header("content-type") == "text/css; charset=utf-8");
  CHECK(http.get("/manifest.webmanifest").header("content-type") == "application/manifest+json");
  CHECK(http.get("/icon.svg").header("content-type") == "image/svg+xml");
  CHECK(http.get("/nothing.html").status == 404);
  CHECK(http.get("/assets").status == 404);
  CHECK(http.get("/assets/").status == 404);
}

TEST_CASE("static files: what has a hash in its name is kept forever, the rest is asked for again by its ETag") {
  const website site;
  const running_node node{site.settings()};
  auto http = node.http();
  const auto script = http.get("/assets/app-1a2b3c.js");
  CHECK(script.header("cache-control").find("immutable") != std::string::npos);
  CHECK(script.header("cache-control").find("max-age=31536000") != std::string::npos);

  const auto tag = http.get("/").header("etag");
  CHECK(tag.size() > 4);
  CHECK(tag != script.header("etag"));
  const auto same = http.get("/", {{"if-none-match", tag}});
  CHECK(same.status == 304);
  CHECK(same.body.empty());
  CHECK(same.header("etag") == tag);
  CHECK(http.get("/", {{"if-none-match", "\"other\""}}).status == 200);
  CHECK(http.get("/", {{"if-none-match", "\"other\", " + tag}}).status == 304);
  CHECK(http.get("/", {{"if-none-match", "W/" + tag}}).status == 304);
  CHECK(http.get("/", {{"if-none-match", "*"}}).status == 304);
}

TEST_CASE("static files: HEAD is GET without the body, and other methods are 405") {
  const website site;
  const running_node node{site.settings()};
  auto http = node.http();
  const auto get = http.get("/");
  const auto head = http.request("HEAD", "/");
  CHECK(head.status == 200);
  CHECK(head.header("content-length") == get.header("content-length"));
  CHECK(head.header("etag") == get.header("etag"));
  CHECK(head.header("content-type") == get.header("content-type"));
  // Nothing of a body is left over in front of the next answer.
  CHECK(http.get("/icon.svg").body == "<svg/>");
  for (const auto* method : {"POST", "PUT", "DELETE", "PATCH"}) {
    const auto answer = http.request(method, "/");
    CHECK(answer.status == 405);
    CHECK(answer.header("allow") == "GET, HEAD");
  }
}

TEST_CASE("static files: no path leads out of their folder") {
  const website site;
  const running_node node{site.settings()};
  for (const auto* path : {"/../secret.txt", "/assets/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt",
                           "/assets/%2e%2e%2f%2e%2e%2fsecret.txt", "/.%2e/secret.txt", "/%252e%252e/secret.txt",
                           "//secret.txt", "/..\\secret.txt", "/index.html/../../secret.txt", "/./../secret.txt",
                           "/secret.txt", "/%00", "/index.html%00.js", "/%zz", "/%"}) {
    CAPTURE(path);
    const auto answer = node.http().get(path);
    CHECK(answer.status >= 400);
    CHECK(answer.status < 500);
    CHECK(answer.body.find("nobody's business") == std::string::npos);
  }
}

} // namespace parley::tests
