#include "net/static_files.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include <parley/fingerprint.hpp>

namespace parley::net {

namespace fs = std::filesystem;

namespace {

std::string type_of(const fs::path& file) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 14> types{{
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".webmanifest", "application/manifest+json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".jpg", "image/jpeg"},
      {".webp", "image/webp"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".txt", "text/plain; charset=utf-8"},
      {".map", "application/json"},
  }};
  const auto extension = file.extension().string();
  for (const auto& [ending, type] : types)
    if (extension == ending) return std::string{type};
  return "application/octet-stream";
}

bool is_hidden(const fs::path& file) { return file.filename().string().starts_with('.'); }

std::string etag_of(std::string_view content) {
  std::string tag{"\""};
  for (const auto byte : fingerprint_of(content)) tag.append(fmt::format("{:02x}", byte));
  return tag + "\"";
}

} // namespace

result<static_files> static_files::load(const std::string& root, std::size_t bytes_max) {
  std::error_code problem;
  if (!fs::is_directory(root, problem)) return fail(errc::unavailable, fmt::format("{} is not a folder", root));
  static_files found;
  std::size_t bytes = 0;
  for (fs::recursive_directory_iterator next{root, problem}, end; !problem && next != end; next.increment(problem)) {
    if (is_hidden(next->path())) {
      next.disable_recursion_pending();
      continue;
    }
    if (!fs::is_regular_file(next->symlink_status())) continue;
    bytes += next->file_size(problem);
    if (bytes > bytes_max) return fail(errc::unavailable, fmt::format("{} has more than {} bytes", root, bytes_max));
    std::ifstream in{next->path(), std::ios::binary};
    if (!in) return fail(errc::unavailable, fmt::format("{} cannot be read", next->path().string()));
    auto body =
        std::make_shared<const std::string>(std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{});
    const auto path = "/" + next->path().lexically_relative(root).generic_string();
    auto etag = etag_of(*body);
    found.files_.emplace(
        path, static_file{std::move(body), type_of(next->path()), std::move(etag), path.starts_with("/assets/")});
  }
  if (problem) return fail(errc::unavailable, fmt::format("{} cannot be read: {}", root, problem.message()));
  return found;
}

const static_file* static_files::find(std::string_view path) const {
  const auto file = files_.find(path == "/" ? std::string_view{"/index.html"} : path);
  return file == files_.end() ? nullptr : &file->second;
}

} // namespace parley::net
