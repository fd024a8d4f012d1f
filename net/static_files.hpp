/// The built web client, read into memory once: what is served cannot change under a reader, and nothing outside the
/// folder can be reached. Names that begin with a dot and symbolic links are left out: neither is part of a build, and
/// either may lead to what nobody meant to publish.

#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <parley/error.hpp>

namespace parley::net {

struct static_file {
  std::shared_ptr<const std::string> body;
  std::string content_type;
  /// Strong validator, with its quotes.
  std::string etag;
  /// The name contains a hash of the content: it may be kept for ever.
  bool is_immutable = false;
};

/// More in one folder is no web client.
inline constexpr std::size_t static_bytes_max = 64 * 1'048'576;

/// Immutable, any thread.
class static_files {
public:
  /// No files.
  static_files() = default;
  /// Reads everything below `root`. `unavailable` if it is not a folder, has more than `bytes_max`, or a file cannot be
  /// read.
  [[nodiscard]] static result<static_files> load(const std::string& root, std::size_t bytes_max = static_bytes_max);

  /// The file at a decoded path; `/` is `/index.html`. Null: none.
  [[nodiscard]] const static_file* find(std::string_view path) const;
  [[nodiscard]] bool is_empty() const { return files_.empty(); }

private:
  std::map<std::string, static_file, std::less<>> files_;
};

} // namespace parley::net
