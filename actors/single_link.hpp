/// The connection of a session that is there for one request.

#pragma once

#include <functional>
#include <memory>
#include <utility>

#include <parley/encoder.hpp>

#include "actors/session_seat.hpp"

namespace parley::actors {

/// Hands the answer of a single request on, and ends its session.
class single_link final : public client_link {
public:
  explicit single_link(std::function<void(result<std::string>)> then) : then_{std::move(then)} {}

  void acknowledge(acknowledgement ack) override { answer(encode(ack)); }
  void reply(std::string frame) override { answer(std::move(frame)); }
  void refuse(std::string, error why) override { answer(fail(std::move(why))); }
  void reply_history(std::string frame, conversation_id, seq_no) override { answer(std::move(frame)); }
  void finish() override { answer(fail(errc::internal, "the request had no answer")); }

  void push(live_entry_ptr) override {}
  void event(std::shared_ptr<const std::string>) override {}
  void ephemeral(std::shared_ptr<const std::string>) override {}
  void hint(conversation_id, seq_no) override {}
  void focus(conversation_id, seq_no) override {}
  void unfocus(conversation_id) override {}
  void greet() override {}
  void replay(conversation_id, seq_no, std::vector<live_entry_ptr>, seq_no) override {}
  void end_replay(std::string) override {}
  void fill(conversation_id, std::vector<live_entry_ptr>) override {}
  void close(close_code, std::string) override {}

  void belongs_to(std::shared_ptr<session_seat> session) { session_ = std::move(session); }

private:
  void answer(result<std::string> said) {
    if (!then_) return;
    std::exchange(then_, nullptr)(std::move(said));
    std::exchange(session_, nullptr)->tell(link_closed{});
  }

  std::function<void(result<std::string>)> then_;
  std::shared_ptr<session_seat> session_;
};

} // namespace parley::actors
