#include <parley/poll_body.hpp>

#include "core/src/field_reader.hpp"

namespace parley {

namespace {

/// A frame may be as deep as on a socket, and stands in an array of an object here.
constexpr std::size_t depth_max = 32 + 2;

} // namespace

result<poll_body> decode_poll(std::string_view text, std::size_t frames_max) {
  const auto object = parse_object(text, depth_max);
  if (!object) return fail(errc::invalid_argument, object.error().detail);
  field_reader fields{*object};
  poll_body body;
  if (const auto session = fields.text("session"); session && !session->empty()) body.session = std::string{*session};
  body.resume_key = std::string{fields.text("resumeKey").value_or("")};
  body.s = fields.number("s", 0, number_max).value_or(0);
  body.device = fields.id<device_id>("device", parse_device_id);
  body.skip_replay = fields.text("replay") == "none";
  const auto wait_max = static_cast<std::uint64_t>(poll_wait_max.count());
  body.wait = std::chrono::milliseconds{fields.number("waitMs", 0, wait_max).value_or(wait_max)};
  if (const auto* frames = fields.array("frames")) {
    if (frames->size() > frames_max)
      fields.refuse("frames", fmt::format("may hold {} at most", frames_max), errc::too_many);
    else
      for (const auto& frame : *frames) body.frames.push_back(json::serialize(frame));
  }
  if (fields.problem()) return fail(*fields.problem());
  return body;
}

} // namespace parley
