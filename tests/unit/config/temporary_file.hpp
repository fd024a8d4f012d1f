/// A file that lasts as long as its object.

#pragma once

#include <string>
#include <string_view>

namespace parley::testing {

class temporary_file {
public:
  explicit temporary_file(std::string_view content);
  ~temporary_file();

  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

private:
  std::string path_;
};

} // namespace parley::testing
