/// How a row of the table files, named f, becomes a file.

#pragma once

#include <string_view>

#include <parley/file_store.hpp>

#include "persistence/postgres/row.hpp"

namespace parley::persistence::postgres {

inline constexpr std::string_view file_columns = "f.id, f.owner, f.name, f.mime, f.size, f.sha256, f.at";

inline constexpr auto read_file = [](row& from) -> stored_file {
  return {.id = from.take<file_id>(),
          .owner = from.take<user_id>(),
          .name = from.take<std::string>(),
          .mime = from.take<std::string>(),
          .size = from.take<std::uint64_t>(),
          .sha256 = from.take<std::array<std::uint8_t, 32>>(),
          .at = from.take<timestamp>()};
};

} // namespace parley::persistence::postgres
