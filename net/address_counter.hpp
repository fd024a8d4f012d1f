/// How many WebSockets each address has open. Any thread.

#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace parley::net {

class address_counter {
public:
  /// Counts one more, or returns false when the address has `most` already (0: no limit).
  [[nodiscard]] bool enter(const std::string& address, std::size_t most) {
    const std::lock_guard guard{lock_};
    auto& open = counts_[address];
    if (most > 0 && open >= most) return false;
    ++open;
    return true;
  }

  void leave(const std::string& address) {
    const std::lock_guard guard{lock_};
    const auto found = counts_.find(address);
    if (found != counts_.end() && --found->second == 0) counts_.erase(found);
  }

private:
  std::mutex lock_;
  std::unordered_map<std::string, std::size_t> counts_;
};

} // namespace parley::net
