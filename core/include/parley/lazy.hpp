/// A value that takes no more room than a pointer until it is changed: most sessions never need most of what they may
/// have. Not thread-safe.

#pragma once

#include <memory>
#include <utility>

namespace parley {

template <class Value> class lazy {
public:
  /// To read it; empty as long as nothing was changed.
  [[nodiscard]] const Value& get() const {
    static const Value empty{};
    return value_ ? *value_ : empty;
  }

  /// To change it.
  [[nodiscard]] Value& edit() {
    if (!value_) value_ = std::make_unique<Value>();
    return *value_;
  }

  /// To change what there is; nothing as long as nothing was changed.
  [[nodiscard]] Value* if_used() { return value_.get(); }

  /// Takes it out; it is empty afterwards.
  [[nodiscard]] Value take() {
    if (!value_) return {};
    const auto taken = std::exchange(value_, nullptr);
    return std::move(*taken);
  }

private:
  std::unique_ptr<Value> value_;
};

} // namespace parley
