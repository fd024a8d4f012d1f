/// The built web client, read into memory once: what is served cannot change under a reader, and nothing outside the
/// folder can be reached.

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

/// Immutable, any thread.
class static_files {
public:
  /// No files.
  static_files() = default;
  /// Reads everything below `root`. `unavailable` if it is not a folder or a file cannot be read.
  [[nodiscard]] static result<static_files> load(const std::string& root);

  /// The file at a decoded path; `/` is `/index.html`. Null: none.
  [[nodiscard]] const static_file* find(std::string_view path) const;
  [[nodiscard]] bool is_empty() const { return files_.empty(); }

private:
  std::map<std::string, static_file, std::less<>> files_;
};

} // namespace parley::net
