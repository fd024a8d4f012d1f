#include "actors/store_readers.hpp"

#include <caf/actor_system.hpp>

namespace parley::actors {

namespace {

caf::behavior reader(caf::event_based_actor* self, stores where) {
  guard_against_defects(self, "store_reader");
  return {
      [where](run_blocking& order) {
        order.job(where);
        return completed{};
      },
  };
}

} // namespace

store_readers::store_readers(caf::actor_system& system, stores where, unsigned threads, thread_use thread)
    : actors_{std::make_shared<std::vector<caf::actor>>()}, turn_{std::make_shared<std::atomic<unsigned>>(0)} {
  for (unsigned i = 0; i < threads; ++i)
    actors_->push_back(thread == thread_use::own ? system.spawn<caf::detached>(reader, where)
                                                 : system.spawn(reader, where));
}

const caf::actor& store_readers::next() const { return (*actors_)[turn_->fetch_add(1) % actors_->size()]; }

} // namespace parley::actors
