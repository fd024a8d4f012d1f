/// Who was said to be typing lately, so that it is not said too often. Plain data; time is handed in.

#pragma once

#include <chrono>
#include <cstddef>
#include <map>

#include <parley/clock.hpp>
#include <parley/ids.hpp>

namespace parley::actors {

class typing_news {
public:
  /// How long clients show it.
  static constexpr std::chrono::milliseconds lasts{6'000};

  /// Whether the others are told; counts as told. That somebody stopped is always told.
  [[nodiscard]] bool take(const user_id& user, bool on, instant now) {
    const auto told = told_.find(user);
    if (on && told != told_.end() && now - told->second < pause) return false;
    if (told_.size() >= users_max) told_.clear();
    if (on)
      told_[user] = now;
    else
      told_.erase(user);
    return true;
  }

private:
  static constexpr std::chrono::milliseconds pause{2'000};
  /// Beyond that all is forgotten, and somebody is told once too often.
  static constexpr std::size_t users_max = 1'000;

  std::map<user_id, instant> told_;
};

} // namespace parley::actors
