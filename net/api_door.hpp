/// What comes before every route below `/v1`: browser pages of other origins are refused, those that may call are told
/// that they may read the answer, and their question beforehand is answered.

#pragma once

#include "net/http_types.hpp"

#include <optional>
#include <string>
#include <vector>

namespace parley::net {

/// How the request is to be answered; nothing: it has been.
[[nodiscard]] std::optional<http_answer> enter_api(const http_request& request, const std::vector<std::string>& origins,
                                                   http_answer answer);

} // namespace parley::net
