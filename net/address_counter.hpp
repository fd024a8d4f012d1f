/// How many connections each address has open. Any thread; outlives the places it gives.

#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace parley::net {

class address_counter {
public:
  /// A counted connection; given back when it ends.
  class place {
  public:
    place(address_counter& counter, std::string address) : counter_{&counter}, address_{std::move(address)} {}
    ~place() {
      if (counter_) counter_->leave(address_);
    }
    place(place&& from) noexcept
        : counter_{std::exchange(from.counter_, nullptr)}, address_{std::move(from.address_)} {}
    place& operator=(place&& from) noexcept {
      std::swap(counter_, from.counter_);
      std::swap(address_, from.address_);
      return *this;
    }

  private:
    address_counter* counter_;
    std::string address_;
  };

  /// A place for one more connection, unless the address has `most` already (0: no limit).
  [[nodiscard]] std::optional<place> enter(const std::string& address, std::size_t most) {
    const std::lock_guard guard{lock_};
    auto& open = counts_[address];
    if (most > 0 && open >= most) return std::nullopt;
    ++open;
    ++total_;
    return std::optional<place>{std::in_place, *this, address};
  }

  /// Connections open from `address`.
  [[nodiscard]] std::size_t count(const std::string& address) const {
    const std::lock_guard guard{lock_};
    const auto found = counts_.find(address);
    return found == counts_.end() ? 0 : found->second;
  }

  /// Connections open from all addresses together.
  [[nodiscard]] std::size_t total() const {
    const std::lock_guard guard{lock_};
    return total_;
  }

private:
  void leave(const std::string& address) {
    const std::lock_guard guard{lock_};
    const auto found = counts_.find(address);
    if (found == counts_.end()) return;
    --total_;
    if (--found->second == 0) counts_.erase(found);
  }

  mutable std::mutex lock_;
  std::unordered_map<std::string, std::size_t> counts_;
  std::size_t total_ = 0;
};

} // namespace parley::net
