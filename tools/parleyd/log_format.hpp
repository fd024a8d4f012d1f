/// How the log looks: lines for people, or one JSON object a line for machines. To stderr.

#pragma once

#include <parley/settings.hpp>

namespace parley::parleyd {

void set_up_log(const log_settings& wanted);

} // namespace parley::parleyd
