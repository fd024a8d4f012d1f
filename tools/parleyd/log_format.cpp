#include "tools/parleyd/log_format.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <parley/json_text.hpp>

namespace parley::parleyd {

namespace {

/// The message as a JSON string.
class quoted_message final : public spdlog::custom_flag_formatter {
public:
  void format(const spdlog::details::log_msg& line, const std::tm&, spdlog::memory_buf_t& out) override {
    std::string quoted;
    append_quoted(quoted, {line.payload.data(), line.payload.size()});
    out.append(quoted.data(), quoted.data() + quoted.size());
  }

  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<quoted_message>();
  }
};

} // namespace

void set_up_log(const log_settings& wanted) {
  auto log = spdlog::stderr_color_mt("parley");
  if (wanted.format == "json") {
    auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
    formatter->add_flag<quoted_message>('*').set_pattern(R"({"ts":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","message":%*})");
    log->set_formatter(std::move(formatter));
  } else {
    log->set_pattern("%Y-%m-%d %H:%M:%S.%e %^%l%$ %v");
  }
  log->set_level(spdlog::level::from_str(wanted.level));
  spdlog::set_default_logger(std::move(log));
}

} // namespace parley::parleyd
