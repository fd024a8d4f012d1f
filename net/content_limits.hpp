/// The bounds of the settings on what a frame may contain, as the codec takes them.

#pragma once

#include <parley/frames.hpp>
#include <parley/settings.hpp>

namespace parley::net {

[[nodiscard]] inline content_limits content_limits_of(const limit_settings& limits) {
  return {.text_bytes = limits.text,
          .data_bytes = limits.data,
          .title_bytes = limits.title,
          .mentions = limits.mentions,
          .attachments = limits.attachments,
          .members = limits.members};
}

} // namespace parley::net
