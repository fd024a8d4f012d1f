#include "persistence/crew.hpp"

namespace parley::persistence {

struct crew::job {
  const std::function<void(std::size_t)>& act;
  std::size_t count = 0;
  std::size_t begun = 0;
  std::size_t done = 0;
  std::condition_variable all_done{};
};

crew::crew(std::size_t helpers) {
  helpers_.reserve(helpers);
  for (std::size_t i = 0; i < helpers; ++i) helpers_.emplace_back([this] { help(); });
}

crew::~crew() {
  {
    const std::scoped_lock held{mutex_};
    ends_ = true;
  }
  work_.notify_all();
  for (auto& one : helpers_) one.join();
}

void crew::each(std::size_t count, const std::function<void(std::size_t)>& act) {
  if (count == 0) return;
  if (count == 1) return act(0);
  job mine{.act = act, .count = count};
  std::unique_lock held{mutex_};
  open_.push_back(&mine);
  for (std::size_t i = 1; i < count && i <= helpers_.size(); ++i) work_.notify_one();
  while (mine.begun < count) do_next(mine, held);
  mine.all_done.wait(held, [&] { return mine.done == count; });
}

void crew::do_next(job& of, std::unique_lock<std::mutex>& held) {
  const auto number = of.begun++;
  if (of.begun == of.count) std::erase(open_, &of);
  held.unlock();
  of.act(number);
  held.lock();
  // Under the lock: the job is gone as soon as its caller knows.
  if (++of.done == of.count) of.all_done.notify_one();
}

void crew::help() {
  std::unique_lock held{mutex_};
  while (true) {
    work_.wait(held, [&] { return ends_ || !open_.empty(); });
    if (open_.empty()) return;
    do_next(*open_.front(), held);
  }
}

} // namespace parley::persistence
