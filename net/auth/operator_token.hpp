/// Whether a request comes from an operator: it carries the node's admin token.

#pragma once

#include <string_view>

#include <parley/error.hpp>

namespace parley::net {

/// `authorization` is the header's value, `token` the node's (not empty). Takes equally long for every wrong token.
[[nodiscard]] result<void> check_operator(std::string_view authorization, std::string_view token);

} // namespace parley::net
