#include <parley/log_lane.hpp>

#include <utility>

#include <parley/ensure.hpp>

namespace parley {

namespace {

/// One batch at a time, by `log_store::write`.
class plain_lane final : public log_lane {
public:
  explicit plain_lane(log_store& log) : log_{log} {}

  std::size_t depth() const override { return 1; }

  void put(std::vector<conversation_write> writes) override {
    ensure(writes_.empty(), "one batch at a time");
    writes_ = std::move(writes);
  }

  std::vector<result<write_outcome>> take() override { return log_.write(std::exchange(writes_, {})); }

private:
  log_store& log_;
  std::vector<conversation_write> writes_;
};

} // namespace

std::unique_ptr<log_lane> log_store::open_lane(std::size_t /*number*/) { return std::make_unique<plain_lane>(*this); }

} // namespace parley
