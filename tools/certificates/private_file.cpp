#include "tools/certificates/private_file.hpp"

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace parley::certificates {

namespace {

tl::unexpected<error> refuse(const std::string& path, int number) {
  return fail(number == ENOENT ? errc::not_found : errc::internal,
              fmt::format("{}: {}", path, std::error_code{number, std::generic_category()}.message()));
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const auto count = ::write(file, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return ::fsync(file) == 0;
}

} // namespace

result<void> put_file(const std::string& path, std::string_view text, readers who) {
  auto beside = path + ".XXXXXX";
  // Made with mode 0600.
  const auto file = ::mkstemp(beside.data());
  if (file < 0) return refuse(path, errno);
  const auto is_written = write_all(file, text) && (who == readers::owner || ::fchmod(file, 0644) == 0);
  const auto number = errno;
  ::close(file);
  if (is_written && ::rename(beside.c_str(), path.c_str()) == 0) return {};
  const auto why = is_written ? errno : number;
  ::unlink(beside.c_str());
  return refuse(path, why);
}

result<std::string> read_file(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) return refuse(path, errno);
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  if (file.bad()) return refuse(path, errno);
  return text;
}

} // namespace parley::certificates
