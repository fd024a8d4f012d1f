#include "tools/parleyload/frame_scanner.hpp"

#include <cstring>

namespace parley::load {

namespace {

class scanner {
public:
  explicit scanner(std::string_view json) : at_{json.data()}, end_{json.data() + json.size()} {}

  bool scan(scanned_frame& frame) {
    if (!take('{')) return false;
    if (take('}')) return is_at_end();
    do {
      std::string_view name;
      if (!read_string(name) || !take(':') || !read_value(name, frame)) return false;
    } while (take(','));
    return take('}') && is_at_end();
  }

private:
  void skip_space() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
  }

  bool take(char wanted) {
    skip_space();
    if (at_ == end_ || *at_ != wanted) return false;
    ++at_;
    return true;
  }

  bool is_at_end() {
    skip_space();
    return at_ == end_;
  }

  bool read_string(std::string_view& text) {
    if (!take('"')) return false;
    const auto* const start = at_;
    while (const auto* quote = static_cast<const char*>(std::memchr(at_, '"', static_cast<std::size_t>(end_ - at_)))) {
      // A quote behind an odd number of backslashes belongs to the text.
      const auto* before = quote;
      while (before != start && before[-1] == '\\') --before;
      at_ = quote + 1;
      if ((quote - before) % 2 != 0) continue;
      text = {start, static_cast<std::size_t>(quote - start)};
      return true;
    }
    return false;
  }

  // A number, or one of the words true, false and null.
  std::string_view read_word() {
    const auto* const start = at_;
    while (at_ != end_ && *at_ != ',' && *at_ != '}' && *at_ != ' ' && *at_ != '\n' && *at_ != '\r' && *at_ != '\t')
      ++at_;
    return {start, static_cast<std::size_t>(at_ - start)};
  }

  bool skip_nested() {
    std::size_t depth = 0;
    while (at_ != end_) {
      const auto c = *at_;
      if (c == '"') {
        std::string_view ignored;
        if (!read_string(ignored)) return false;
        continue;
      }
      ++at_;
      if (c == '{' || c == '[') ++depth;
      if ((c == '}' || c == ']') && --depth == 0) return true;
    }
    return false;
  }

  bool read_value(std::string_view name, scanned_frame& frame) {
    skip_space();
    if (at_ == end_) return false;
    if (*at_ == '{' || *at_ == '[') {
      const auto* const start = at_;
      if (!skip_nested()) return false;
      if (name == "items") frame.items = {start, static_cast<std::size_t>(at_ - start)};
      return true;
    }
    if (*at_ == '"') {
      std::string_view text;
      if (!read_string(text)) return false;
      if (auto* const field = text_field(name, frame)) *field = text;
      return true;
    }
    const auto word = read_word();
    keep_word(name, word, frame);
    return !word.empty();
  }

  static std::string_view* text_field(std::string_view name, scanned_frame& frame) {
    switch (name.size()) {
    case 3: return name == "ref" ? &frame.ref : nullptr;
    case 4:
      return name == "type"   ? &frame.type
             : name == "from" ? &frame.from
             : name == "text" ? &frame.text
             : name == "code" ? &frame.code
                              : nullptr;
    case 6: return name == "status" ? &frame.status : nullptr;
    case 7: return name == "message" ? &frame.message : name == "session" ? &frame.session : nullptr;
    case 9: return name == "resumeKey" ? &frame.resume_key : nullptr;
    case 12: return name == "conversation" ? &frame.conversation : nullptr;
    default: return nullptr;
    }
  }

  static void keep_word(std::string_view name, std::string_view word, scanned_frame& frame) {
    if (name == "seq")
      frame.seq = static_cast<std::uint64_t>(number_of(word));
    else if (name == "ts")
      frame.ts = number_of(word);
    else if (name == "s")
      frame.s = static_cast<std::uint64_t>(number_of(word));
    else if (name == "resumed")
      frame.resumed = word == "true";
    else if (name == "duplicate")
      frame.duplicate = word == "true";
    else if (name == "retryAfterMs")
      frame.retry_after_ms = number_of(word);
    else if (name == "heartbeatMs")
      frame.heartbeat_ms = number_of(word);
  }

  // Counters stay below 2^53, so the digits never overflow; anything that is not a counter ends the number.
  static std::int64_t number_of(std::string_view word) {
    std::int64_t number = 0;
    for (const auto c : word.substr(0, 18)) {
      if (c < '0' || c > '9') break;
      number = number * 10 + (c - '0');
    }
    return number;
  }

  const char* at_;
  const char* end_;
};

} // namespace

bool scan_frame(std::string_view json, scanned_frame& frame) { return scanner{json}.scan(frame); }

} // namespace parley::load
