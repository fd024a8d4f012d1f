#include "net/auth/secrets.hpp"

#include <parley/uuid.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <thread>
#include <vector>

#include <sys/stat.h>

using namespace parley;
using namespace parley::net;

namespace {

struct secret_folder {
  std::filesystem::path folder = std::filesystem::temp_directory_path() / ("parley-" + to_string(random_uuid()));
  std::string path = (folder / "jwt.secret").string();

  secret_folder() { std::filesystem::create_directory(folder); }
  ~secret_folder() { std::filesystem::remove_all(folder); }

  void write(std::string_view text, mode_t mode = 0600) {
    std::ofstream{path} << text;
    REQUIRE(::chmod(path.c_str(), mode) == 0);
  }
  [[nodiscard]] std::string complaint() const {
    const auto loaded = load_or_create_secret(path, 32);
    REQUIRE_FALSE(loaded);
    return loaded.error().detail;
  }
};

} // namespace

TEST_CASE_FIXTURE(secret_folder, "secret: it is made once, for its owner only") {
  const auto made = load_or_create_secret(path, 32);
  REQUIRE_MESSAGE(made, made.error().detail);
  CHECK(made->size() == 43);
  CHECK(load_or_create_secret(path, 32) == made);
  struct stat about {};
  REQUIRE(::stat(path.c_str(), &about) == 0);
  CHECK((about.st_mode & 07777) == 0600);
  CHECK(std::distance(std::filesystem::directory_iterator{folder}, {}) == 1);
}

TEST_CASE_FIXTURE(secret_folder, "secret: white space around it does not count") {
  write("  hunter2\r\n");
  CHECK(load_or_create_secret(path, 32) == "hunter2");
}

TEST_CASE_FIXTURE(secret_folder, "secret: a file that others may use is refused") {
  for (const mode_t mode : {0604, 0640, 0620, 0660, 0601}) {
    write("hunter2", mode);
    CHECK_MESSAGE(complaint().find("so others may use it; run: chmod 600 " + path) != std::string::npos, complaint());
    CHECK(complaint().find("hunter2") == std::string::npos);
  }
}

TEST_CASE_FIXTURE(secret_folder, "secret: an empty file is refused, not replaced") {
  write("\n");
  CHECK(complaint() == path + " is empty; remove it and start again");
}

TEST_CASE_FIXTURE(secret_folder, "secret: what is no file, or has no folder, is refused") {
  std::filesystem::create_directory(path);
  CHECK(complaint() == path + " is not a file");
  path = "/nowhere/jwt.secret";
  CHECK(complaint().find("cannot create /nowhere/jwt.secret") == 0);
}

TEST_CASE_FIXTURE(secret_folder, "secret: those who make it at once get the same") {
  std::vector<std::string> secrets(8);
  std::vector<std::thread> threads;
  for (auto& each : secrets) {
    threads.emplace_back([&] { each = load_or_create_secret(path, 32).value_or(""); });
  }
  for (auto& thread : threads) thread.join();
  CHECK(std::set<std::string>(secrets.begin(), secrets.end()).size() == 1);
  CHECK(secrets.front().size() == 43);
}
