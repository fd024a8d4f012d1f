#include "net/rest/file_headers.hpp"

#include <doctest/doctest.h>

#include <array>
#include <utility>

using namespace parley;
using namespace parley::net;

namespace {

std::string times(std::size_t count, std::string_view text) {
  std::string out;
  while (count-- > 0) out += text;
  return out;
}

} // namespace

TEST_CASE("file name: folders before it and what is not seen are taken away") {
  for (const auto& [given, name] : std::array<std::pair<std::string, std::string>, 9>{{
           {"cat.png", "cat.png"},
           {"../../etc/passwd", "passwd"},
           {"C:\\fakepath\\cat.png", "cat.png"},
           {"a\r\nb\x7f.txt", "ab.txt"},
           {"ann\u202Egnp.exe", "anngnp.exe"},
           {"..", ""},
           {"a/", ""},
           {"", ""},
           {"Zoë \"😀\".txt", "Zoë \"😀\".txt"},
       }}) {
    CAPTURE(given);
    CHECK(clean_file_name(given) == name);
  }
  CHECK(clean_file_name("a\xff").error().field == "name");
}

TEST_CASE("file name: a long one is cut between characters") {
  CHECK(clean_file_name(times(300, "x"))->size() == 255);
  CHECK(clean_file_name(times(100, "€")) == times(85, "€"));
}

TEST_CASE("media type: it is type and subtype in lower case, or unknown") {
  CHECK(media_type("image/PNG") == "image/png");
  CHECK(media_type("text/plain; charset=utf-8") == "text/plain");
  CHECK(media_type("image/svg+xml") == "image/svg+xml");
  for (const auto* bad : {"", "image", "/", "image/", "/png", "image/png/x", "a b/c", "a/b\r\nx: y", "ä/b"}) {
    CAPTURE(bad);
    CHECK(media_type(bad) == "application/octet-stream");
  }
  CHECK(media_type("a/" + times(200, "b")) == "application/octet-stream");
}

TEST_CASE("served type: what a browser could run is served as bytes") {
  CHECK(served_type("image/png") == "image/png");
  CHECK(served_type("video/mp4") == "video/mp4");
  CHECK(served_type("text/plain") == "text/plain; charset=utf-8");
  for (const auto* active :
       {"text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "text/javascript", "x/y"})
    CHECK(served_type(active) == "application/octet-stream");
}

TEST_CASE("content disposition: images are shown, everything else is saved under its name") {
  CHECK(content_disposition("image/png", "") == "inline");
  CHECK(content_disposition("image/svg+xml", "") == "attachment");
  CHECK(content_disposition("application/pdf", "a.pdf") == "attachment; filename=\"a.pdf\"; filename*=UTF-8''a.pdf");
  CHECK(content_disposition("image/png", "a\"b\\; ë%.png") ==
        "inline; filename=\"a_b_; ___.png\"; filename*=UTF-8''a%22b%5C%3B%20%C3%AB%25.png");
}
