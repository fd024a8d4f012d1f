/// Which row of the API a request belongs to.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "net/rest/api_call.hpp"

namespace parley::net {

/// Immutable once it is filled; then any thread.
class router {
public:
  /// Decides on a large body when only the header has come; `length` if the header says it.
  using body_admission =
      std::function<result<body_room>(const http_request& head, std::optional<std::uint64_t> length)>;

  struct row {
    /// `GET` stands for `HEAD` too.
    std::string_view method;
    /// Literal segments, and `{}` for any that is not empty: `/v1/users/{}`.
    std::string_view path;
    api_handler handle;
    /// Absent: no large bodies here.
    body_admission admit_body = {};
  };

  void add(row fresh) { rows_.push_back(std::move(fresh)); }

  /// Hands the request to its row. 404 if no row has the path, 405 if none of those that have it has the method.
  void handle(http_request request, http_answer answer) const;

  /// How large a body `head` may have.
  [[nodiscard]] result<body_room> room_for_body(const http_request& head, std::optional<std::uint64_t> length) const;

private:
  std::vector<row> rows_;
};

} // namespace parley::net
