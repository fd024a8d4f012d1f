#include "net/device_session.hpp"

namespace parley::net {

namespace {

outgoing_frame complete(std::shared_ptr<const std::string> frame) { return {.body = std::move(frame), .suffix = {}}; }
outgoing_frame complete(std::string frame) { return complete(std::make_shared<const std::string>(std::move(frame))); }

outgoing_frame notice(std::string text) {
  auto frame = complete(std::move(text));
  frame.is_notice = true;
  return frame;
}

} // namespace

device_session::device_session(const user_id& user, const device_id& device, io_worker& worker, edge& shared)
    : shared_{shared},
      owner_{std::make_shared<const session_owner>(
          session_owner{.session = {random_uuid()}, .key = random_uuid(), .user = user, .device = device})},
      worker_{&worker},
      address_{std::make_shared<address>(*this)},
      window_{id(), user, *this} {}

device_session::~device_session() {
  if (bridge_) bridge_->cut();
}

resume_ticket device_session::ticket(std::uint64_t s) const {
  return {session_name(shared_.node, id()), to_string(owner_->key), s};
}

void device_session::open(session_transport& first, bool skip_replay) {
  transport_ = &first;
  bridge_ = std::make_shared<bridge>(shared_.config.limits.outbox_frames, wake_at(*worker_));
  shared_.sessions.add(owner_, shared_from_this(), *worker_);
  handle_ = shared_.open_session({id(), owner_->user, owner_->device, skip_replay, bridge_});
}

std::function<void()> device_session::wake_at(io_worker& worker) {
  return [&worker, weak = std::weak_ptr{address_}] {
    worker.post([weak] {
      if (const auto here = weak.lock()) here->session.take_arrivals();
    });
  };
}

// From actors. --------------------------------------------------------------------------------------------------------

void device_session::take_arrivals() {
  const auto self = shared_from_this();
  for (auto& what : bridge_->take())
    if (!ended_) std::visit([this](auto& one) { on(one); }, what);
  if (transport_)
    transport_->on_settled();
  else if (!ended_ && !window_.may_resume())
    end();
}

void device_session::on(pull_changed& what) {
  switch (what.focus) {
  case pull_changed::focus_kind::as_before: return window_.hint(what.conversation, what.head);
  case pull_changed::focus_kind::begins: return window_.focus(what.conversation, what.head);
  case pull_changed::focus_kind::ends: return window_.unfocus(what.conversation);
  }
}

void device_session::on(acknowledgement& ack) {
  window_.acknowledge(ack);
  count_answer();
}

void device_session::on(replied& what) {
  window_.reply(std::move(what.frame));
  count_answer();
}

void device_session::on(refused& what) {
  window_.reply(encode_error(what.ref, what.why));
  count_answer();
}

void device_session::on(history_replied& what) {
  window_.reply(std::move(what.frame));
  if (unheard_ == 0) window_.shown(what.conversation, what.head);
  count_answer();
}

void device_session::on(greeted&) {
  if (transport_) welcome_client(false);
}

void device_session::count_answer() {
  if (unheard_ == 0)
    --in_flight_;
  else if (--unheard_ == 0 && transport_)
    window_.expect_answers(true);
}

void device_session::welcome_client(bool resumed) {
  const auto& config = shared_.config;
  is_greeted_ = true;
  auto own = ticket(0);
  transport_->put(notice(encode(welcome{.user = owner_->user,
                                        .device = owner_->device,
                                        .session = std::move(own.session),
                                        .resume_key = std::move(own.key),
                                        .resumed = resumed,
                                        .node = shared_.node,
                                        .server_time = shared_.time.now(),
                                        .heartbeat = config.session.heartbeat,
                                        .resume_window = config.session.resume,
                                        .frame_bytes = config.limits.frame,
                                        .text_bytes = config.limits.text,
                                        .in_flight = config.limits.in_flight})));
  transport_->on_welcome();
}

void device_session::close(actors::close_code code, const std::string& reason) {
  is_over_ = true;
  if (transport_)
    transport_->close(code, reason);
  else
    end();
}

// From its transport. -------------------------------------------------------------------------------------------------

void device_session::ask(actors::client_asked request) {
  ++in_flight_;
  handle_->ask(std::move(request));
}

bool device_session::may_ask() const { return unheard_ == 0 && in_flight_ < shared_.config.limits.in_flight; }

void device_session::detach() {
  transport_ = nullptr;
  if (ended_) return;
  let_go();
  const auto may_wait = shared_.config.session.resume.count() > 0 && !shared_.sessions.is_stopping();
  if (is_over_ || !may_wait || !window_.may_resume()) return end();
  park();
}

void device_session::let_go() {
  window_.detach();
  unheard_ += std::exchange(in_flight_, 0);
}

void device_session::park() {
  if (shared_.sessions.is_stopping()) return end();
  parked_since_ = shared_.time.steady();
  handle_->detached();
  worker_->watch(shared_from_this());
}

void device_session::tick(instant now) {
  if (parked_since_ && now - *parked_since_ >= shared_.config.session.resume) end();
}

// From one transport to the next. -------------------------------------------------------------------------------------

bool device_session::release(std::uint64_t s) {
  if (ended_ || is_over_) return false;
  const auto may_go_on = window_.can_resume(s);
  if (auto* old = std::exchange(transport_, nullptr)) {
    let_go();
    old->on_replaced();
  } else {
    parked_since_.reset();
    worker_->forget(shared_from_this());
  }
  if (!may_go_on) {
    end();
    return false;
  }
  address_.reset();
  bridge_->rewire([] {});
  return true;
}

void device_session::settle_on(io_worker& worker) {
  worker_ = &worker;
  address_ = std::make_shared<address>(*this);
  bridge_->rewire(wake_at(worker));
}

void device_session::resume(session_transport& next, std::uint64_t s) {
  transport_ = &next;
  welcome_client(true);
  window_.resume(s);
  window_.expect_answers(unheard_ == 0);
  handle_->attached();
}

void device_session::end() {
  if (std::exchange(ended_, true)) return;
  transport_ = nullptr;
  address_.reset();
  bridge_->cut();
  shared_.sessions.remove(id());
  handle_->closed();
  handle_.reset();
  worker_->forget(shared_from_this());
}

// From the window. ----------------------------------------------------------------------------------------------------

void device_session::put(std::string frame) {
  if (transport_) transport_->put(complete(std::move(frame)));
}

void device_session::put_notice(std::string frame) {
  if (transport_) transport_->put(notice(std::move(frame)));
}

void device_session::put_shared(std::shared_ptr<const std::string> frame) {
  if (transport_) transport_->put(complete(std::move(frame)));
}

void device_session::put(std::shared_ptr<const std::string> open_frame, std::uint64_t s) {
  if (transport_) transport_->put({.body = std::move(open_frame), .suffix = close_frame(s), .s = s});
}

void device_session::need(const conversation_id& conversation, seq_no after) {
  if (handle_) handle_->need({conversation, after});
}

} // namespace parley::net
