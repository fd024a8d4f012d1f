#include <doctest/doctest.h>

#include "tests/contract/backends.hpp"
#include "tests/contract/sample.hpp"

namespace parley::tests {

namespace {

const auto lunch = conversation_number(1);
const auto picture = file_number(1);

/// Bytes of every value, in no rhythm of the chunks.
std::string some_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>((i * 7 + i / 251) & 0xff);
  return bytes;
}

stored_file of_ann(const file_id& id, const std::string& content) {
  return {.id = id,
          .owner = ann,
          .name = "münze.png",
          .mime = "image/png",
          .size = content.size(),
          .sha256 = {1, 2, 255},
          .at = moment(5)};
}

} // namespace

TEST_CASE_TEMPLATE("files: one comes back as it was put, in parts of any size", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  const auto content = some_bytes(700'000);
  REQUIRE(store.files->put(of_ann(picture, content), content));
  CHECK(store.files->find(picture, ann).value() == of_ann(picture, content));
  const auto part = [&](std::uint64_t offset, std::size_t length) {
    return store.files->read(picture, offset, length).value() == content.substr(offset, length);
  };
  CHECK(part(0, content.size()));
  CHECK(part(0, std::string::npos));
  CHECK(part(0, 1));
  CHECK(part(0, 262'144));
  CHECK(part(0, 262'145));
  CHECK(part(262'143, 2));
  CHECK(part(262'144, 262'144));
  CHECK(part(1'000, 600'000));
  CHECK(part(699'999, 10));
  CHECK(part(700'000, 10));
  CHECK(part(5, 0));
  CHECK(store.files->read(picture, 10'000'000, 10).value().empty());
  CHECK(store.files->read(file_number(9), 0, 10).value().empty());
}

TEST_CASE_TEMPLATE("files: an empty one is a file too", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  REQUIRE(store.files->put(of_ann(picture, ""), ""));
  CHECK(store.files->find(picture, ann).value()->size == 0);
  CHECK(store.files->read(picture, 0, 10).value().empty());
}

TEST_CASE_TEMPLATE("files: one is put once, and as long as it says", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  CHECK(failed(store.files->put(of_ann(picture, "four"), "five!"), errc::internal));
  CHECK_FALSE(store.files->find(picture, ann).value());
  REQUIRE(store.files->put(of_ann(picture, "four"), "four"));
  CHECK(failed(store.files->put(of_ann(picture, "more"), "more"), errc::conflict));
  CHECK(store.files->read(picture, 0, 10).value() == "four");
}

TEST_CASE_TEMPLATE("files: the owner reads it, and who is or was a member where it was sent to", Backend,
                   PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  REQUIRE(store.files->put(of_ann(picture, "x"), "x"));
  auto first = founding(lunch, {ann, bob, cy});
  first.members[2].left = 1;
  commit(*store.log, first);
  commit(*store.log, founding(conversation_number(2), {ann, dan}));
  CHECK(store.files->find(picture, ann).value());
  CHECK_FALSE(store.files->find(picture, bob).value());

  auto sent = messages(lunch, 2, 1);
  sent.files = {picture};
  commit(*store.log, sent);
  sent = messages(lunch, 3, 1);
  sent.files = {picture};
  commit(*store.log, sent);
  CHECK(store.files->find(picture, bob).value());
  CHECK(store.files->find(picture, cy).value());
  CHECK_FALSE(store.files->find(picture, dan).value());
}

TEST_CASE_TEMPLATE("files: a write that collides shares nothing", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  REQUIRE(store.files->put(of_ann(picture, "x"), "x"));
  commit(*store.log, founding(lunch, {ann, bob}));
  auto sent = messages(lunch, 1, 1);
  sent.files = {picture};
  CHECK(is<collision>(write(*store.log, sent)));
  CHECK_FALSE(store.files->find(picture, bob).value());
}

TEST_CASE_TEMPLATE("files: what is not there or not for the reader is told in the order of the question", Backend,
                   PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  REQUIRE(store.files->put(of_ann(picture, "x"), "x"));
  REQUIRE(store.files->put(of_ann(file_number(2), "x"), "x"));
  commit(*store.log, founding(lunch, {ann, bob}));
  auto sent = messages(lunch, 2, 1);
  sent.files = {picture};
  commit(*store.log, sent);
  const std::vector ids{file_number(3), picture, file_number(2)};
  CHECK(store.files->unreadable(ann, ids).value() == std::vector{file_number(3)});
  CHECK(store.files->unreadable(bob, ids).value() == std::vector{file_number(3), file_number(2)});
  CHECK(store.files->unreadable(cy, ids).value() == ids);
  CHECK(store.files->unreadable(ann, {}).value().empty());
}

} // namespace parley::tests
