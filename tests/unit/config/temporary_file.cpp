#include "tests/unit/config/temporary_file.hpp"

#include <parley/uuid.hpp>

#include <filesystem>
#include <fstream>

namespace parley::testing {

temporary_file::temporary_file(std::string_view content)
    : path_{(std::filesystem::temp_directory_path() / ("parley-" + to_string(random_uuid()))).string()} {
  std::ofstream{path_} << content;
}

temporary_file::~temporary_file() {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

} // namespace parley::testing
