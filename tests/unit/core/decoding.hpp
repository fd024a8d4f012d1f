/// Reading frames in tests.

#pragma once

#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include <parley/codec.hpp>

namespace parley::tests {

/// Reads a frame that has to be accepted as a `Request`.
template <class Request> Request accepted(std::string_view text, const content_limits& limits = {}) {
  CAPTURE(text);
  const auto frame = decode_frame(text, limits);
  const auto why = frame.request ? std::string{} : frame.request.error().detail;
  REQUIRE_MESSAGE(frame.request, why);
  const auto* request = std::get_if<Request>(&*frame.request);
  REQUIRE(request);
  return *request;
}

/// Reads a frame that has to be refused.
inline error refused(std::string_view text, const content_limits& limits = {}) {
  CAPTURE(text.substr(0, 200));
  const auto frame = decode_frame(text, limits);
  REQUIRE_FALSE(frame.request);
  CHECK_FALSE(frame.request.error().detail.empty());
  return frame.request.error();
}

inline void check_refused(std::string_view text, errc code, std::string_view field) {
  CAPTURE(text.substr(0, 200));
  const auto why = refused(text);
  CHECK(to_string(why.code) == to_string(code));
  CHECK(why.field == field);
}

} // namespace parley::tests
