#include "net/static_files.hpp"

#include <doctest/doctest.h>

#include <fstream>

#include "tests/contract/temporary_directory.hpp"

using namespace parley;
using namespace parley::net;

namespace fs = std::filesystem;

namespace {

struct web_folder {
  tests::temporary_directory outer;
  fs::path root = outer.path() / "web";

  web_folder() { fs::create_directory(root); }

  void write(const fs::path& name, std::string_view content) const {
    fs::create_directories((root / name).parent_path());
    std::ofstream{root / name, std::ios::binary} << content;
  }
  [[nodiscard]] static_files load() const { return *static_files::load(root); }
};

} // namespace

TEST_CASE_FIXTURE(web_folder, "static files: everything in the folder is found by its path") {
  write("index.html", "<h1>");
  write("assets/app-1a2b.js", "go()");
  write("deep/er/file.txt", "x");
  const auto files = load();
  CHECK(*files.find("/index.html")->body == "<h1>");
  CHECK(*files.find("/assets/app-1a2b.js")->body == "go()");
  CHECK(*files.find("/deep/er/file.txt")->body == "x");
  CHECK(files.find("/") == files.find("/index.html"));
}

TEST_CASE_FIXTURE(web_folder, "static files: other spellings and folders are not found") {
  write("index.html", "<h1>");
  write("deep/file.txt", "x");
  const auto files = load();
  for (const std::string_view path : {"", "index.html", "//index.html", "/INDEX.HTML", "/deep", "/deep/",
                                      "/deep/../index.html", "/./index.html", "/none"}) {
    CAPTURE(path);
    CHECK(files.find(path) == nullptr);
  }
}

TEST_CASE_FIXTURE(web_folder, "static files: names with a dot in front are left out, with all below them") {
  write("index.html", "<h1>");
  write(".env", "SECRET=1");
  write(".git/config", "url");
  write("deep/.hidden/file.txt", "x");
  const auto files = load();
  CHECK(files.find("/.env") == nullptr);
  CHECK(files.find("/.git/config") == nullptr);
  CHECK(files.find("/deep/.hidden/file.txt") == nullptr);
  CHECK(files.find("/index.html") != nullptr);
}

TEST_CASE_FIXTURE(web_folder, "static files: symbolic links are left out, to files and to folders") {
  write("index.html", "<h1>");
  std::ofstream{outer.path() / "secret"} << "x";
  fs::create_symlink(outer.path() / "secret", root / "link.txt");
  fs::create_directory_symlink(outer.path(), root / "folder");
  fs::create_symlink(outer.path() / "nowhere", root / "dangling");
  const auto files = load();
  CHECK(files.find("/link.txt") == nullptr);
  CHECK(files.find("/folder/secret") == nullptr);
  CHECK(files.find("/dangling") == nullptr);
}

TEST_CASE_FIXTURE(web_folder, "static files: the folder itself may be a link, and may be written with a slash behind") {
  write("index.html", "<h1>");
  write("assets/a.js", "a");
  fs::create_directory_symlink(root, outer.path() / "current");
  for (const std::string root_name : {outer.path() / "current", root / ""}) {
    CAPTURE(root_name);
    const auto files = static_files::load(root_name);
    REQUIRE(files);
    CHECK(files->find("/index.html") != nullptr);
    CHECK(files->find("/assets/a.js") != nullptr);
  }
}

TEST_CASE_FIXTURE(web_folder, "static files: types come from the ending, text is UTF-8") {
  write("a.html", "");
  write("a.js", "");
  write("a.css", "");
  write("a.svg", "");
  write("a.webmanifest", "");
  write("a.woff2", "");
  write("a.bin", "");
  write("noending", "");
  const auto files = load();
  CHECK(files.find("/a.html")->content_type == "text/html; charset=utf-8");
  CHECK(files.find("/a.js")->content_type == "text/javascript; charset=utf-8");
  CHECK(files.find("/a.css")->content_type == "text/css; charset=utf-8");
  CHECK(files.find("/a.svg")->content_type == "image/svg+xml");
  CHECK(files.find("/a.webmanifest")->content_type == "application/manifest+json");
  CHECK(files.find("/a.woff2")->content_type == "font/woff2");
  CHECK(files.find("/a.bin")->content_type == "application/octet-stream");
  CHECK(files.find("/noending")->content_type == "application/octet-stream");
}

TEST_CASE_FIXTURE(web_folder, "static files: the tag is the content's, the name does not matter") {
  write("a.txt", "same");
  write("b.txt", "same");
  write("c.txt", "other");
  const auto files = load();
  const auto tag = files.find("/a.txt")->etag;
  CHECK(tag == files.find("/b.txt")->etag);
  CHECK(tag != files.find("/c.txt")->etag);
  CHECK(tag.size() > 2);
  CHECK(tag.front() == '"');
  CHECK(tag.back() == '"');
  CHECK(load().find("/a.txt")->etag == tag);
}

TEST_CASE_FIXTURE(web_folder, "static files: only what has a hash in its name may be kept for ever") {
  write("index.html", "");
  write("assets/app-1a2b.js", "");
  write("deep/assets/a.js", "");
  const auto files = load();
  CHECK(files.find("/assets/app-1a2b.js")->is_immutable);
  CHECK_FALSE(files.find("/index.html")->is_immutable);
  CHECK_FALSE(files.find("/deep/assets/a.js")->is_immutable);
}

TEST_CASE_FIXTURE(web_folder, "static files: bytes stay as they are") {
  const std::string bytes{"\0\r\n\xff", 4};
  write("a.bin", bytes);
  write("empty.txt", "");
  const auto files = load();
  CHECK(*files.find("/a.bin")->body == bytes);
  CHECK(files.find("/empty.txt")->body->empty());
}

TEST_CASE_FIXTURE(web_folder, "static files: what is no folder, or too much for one, is refused") {
  write("a.txt", "12345");
  write("b.txt", "67890");
  CHECK(static_files::load((outer.path() / "nowhere").string()).error().code == errc::unavailable);
  CHECK(static_files::load((root / "a.txt").string()).error().code == errc::unavailable);
  CHECK(static_files::load(root, 9).error().code == errc::unavailable);
  CHECK(static_files::load(root, 10));
}

TEST_CASE("static files: without a folder there are none") {
  const static_files files;
  CHECK(files.is_empty());
  CHECK(files.find("/") == nullptr);
}
