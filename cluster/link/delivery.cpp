#include "cluster/link/delivery.hpp"

#include <exception>
#include <memory>
#include <utility>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include "cluster/link/messages.hpp"

namespace parley::cluster::link {

namespace {

/// A defect of a handler must not make the node deaf.
template <class Call> void guarded(Call call) {
  try {
    call();
  } catch (const std::exception& defect) {
    spdlog::error("defect in a handler of links: {}", defect.what());
  }
}

} // namespace

caf::behavior delivery(caf::event_based_actor* self, link_handlers handlers) {
  const auto all = std::make_shared<const link_handlers>(std::move(handlers));
  return {
      [self, all](deliver_batch& batch) {
        const batch_handled done{.link = batch.link, .envelopes = batch.envelopes.size(), .bytes = batch.bytes};
        guarded([&] { all->received(batch.node, batch.incarnation, std::move(batch.envelopes)); });
        self->send(caf::actor_cast<caf::actor>(self->current_sender()), done);
      },
      [all](const deliver_change& news) { guarded([&] { all->changed(news.change); }); },
      [all](const deliver_refusal& news) {
        if (all->refused) guarded([&] { all->refused(news.node, news.why); });
      },
      [self](end_delivery) { self->quit(); },
  };
}

} // namespace parley::cluster::link
