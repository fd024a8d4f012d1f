#include "net/auth/secrets.hpp"

#include "net/auth/base64url.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace parley::net {

namespace {

constexpr std::size_t file_bytes_max = 65'536;

class descriptor {
public:
  explicit descriptor(int number) : number_{number} {}
  ~descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;

  explicit operator bool() const { return number_ >= 0; }
  [[nodiscard]] int number() const { return number_; }

private:
  int number_;
};

tl::unexpected<error> failed(std::string_view doing, const std::string& path) {
  return fail(errc::unavailable, fmt::format("cannot {} {}: {}", doing, path, std::strerror(errno)));
}

std::string without_space_around(const std::string& text) {
  constexpr auto space = " \t\r\n";
  const auto first = text.find_first_not_of(space);
  return first == std::string::npos ? std::string{} : text.substr(first, text.find_last_not_of(space) - first + 1);
}

result<std::string> read_secret(const descriptor& file, const std::string& path) {
  struct stat about {};
  if (::fstat(file.number(), &about) != 0) return failed("examine", path);
  if (!S_ISREG(about.st_mode)) return fail(errc::unavailable, fmt::format("{} is not a file", path));
  if ((about.st_mode & 077) != 0) {
    return fail(errc::unavailable,
                fmt::format("{} holds a secret but has mode {:04o}, so others may use it; run: chmod 600 {}", path,
                            about.st_mode & 07777, path));
  }
  std::string text(file_bytes_max, '\0');
  const auto size = ::read(file.number(), text.data(), text.size());
  if (size < 0) return failed("read", path);
  text.resize(static_cast<std::size_t>(size));
  auto secret = without_space_around(text);
  if (secret.empty()) return fail(errc::unavailable, fmt::format("{} is empty; remove it and start again", path));
  return secret;
}

/// Whether the text is on disk when this returns.
bool write_all(const descriptor& file, std::string_view text) {
  while (!text.empty()) {
    const auto size = ::write(file.number(), text.data(), text.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(size));
  }
  return ::fsync(file.number()) == 0;
}

/// Gives the file its name unless another process was faster: a link, unlike a rename, replaces nothing.
bool put_in_place(const std::string& draft, const std::string& path) {
  if (::link(draft.c_str(), path.c_str()) == 0 || errno == EEXIST) return true;
  const bool no_links_here = errno == EPERM || errno == EOPNOTSUPP;
  return no_links_here && ::rename(draft.c_str(), path.c_str()) == 0;
}

void sync_folder_of(const std::string& path) {
  const auto folder = std::filesystem::path{path}.parent_path();
  const descriptor opened{::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (opened) ::fsync(opened.number());
}

result<void> create_secret(const std::string& path, std::size_t random_bytes) {
  std::vector<std::uint8_t> bytes(random_bytes);
  randombytes_buf(bytes.data(), bytes.size());
  auto draft = path + ".XXXXXX";
  const descriptor file{::mkostemp(draft.data(), O_CLOEXEC)}; // mode 0600
  if (!file) return failed("create", draft);
  const bool done = write_all(file, encode_base64url(bytes) + '\n') && put_in_place(draft, path);
  const int reason = errno;
  ::unlink(draft.c_str());
  errno = reason;
  if (!done) return failed("write", path);
  sync_folder_of(path);
  return {};
}

} // namespace

result<std::string> load_or_create_secret(const std::string& path, std::size_t random_bytes) {
  {
    const descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (file) return read_secret(file, path);
    if (errno != ENOENT) return failed("open", path);
  }
  if (auto created = create_secret(path, random_bytes); !created) return fail(created.error());
  const descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!file) return failed("open", path);
  return read_secret(file, path);
}

} // namespace parley::net
