/// A device behind a real session window, that checks what it is sent: counters without holes, the entries of every
/// conversation in order and without holes, one acknowledgement a request and before its push. Any thread.

#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "actors/handles.hpp"

namespace parley::tests {

class follower final : public actors::client_link, private session_output {
public:
  follower(session_id session, user_id user) : window_{std::move(session), std::move(user), *this} {}

  /// To be called with the handle of the session; until then holes wait.
  void attach(actors::session_handle* handle);
  /// Called with the `ref` of every acknowledgement, under the lock.
  std::function<void(const std::string&)> on_ack;

  /// The seq up to which it has a conversation.
  [[nodiscard]] seq_no position(const conversation_id& id) const;
  /// Where a request was acknowledged, by its `ref`.
  [[nodiscard]] std::map<std::string, std::pair<conversation_id, seq_no>> acknowledged() const;
  [[nodiscard]] bool is_synced() const;
  [[nodiscard]] bool is_closed() const;
  /// The first thing that was wrong; empty: nothing.
  [[nodiscard]] std::string violation() const;

  void push(live_entry_ptr item) override;
  void event(std::shared_ptr<const std::string> open_frame) override;
  void acknowledge(acknowledgement ack) override;
  void reply(std::string frame) override;
  void reply_history(std::string frame, conversation_id conversation, seq_no head) override;
  void finish() override {}
  void ephemeral(std::shared_ptr<const std::string>) override {}
  void hint(conversation_id, seq_no) override {}
  void focus(conversation_id, seq_no) override {}
  void unfocus(conversation_id) override {}
  void refuse(std::string ref, error why) override { reply(encode_error(ref, why)); }
  void greet() override;
  void replay(conversation_id conversation, seq_no cursor, std::vector<live_entry_ptr> items, seq_no head) override;
  void end_replay(std::string synced) override;
  void fill(conversation_id conversation, std::vector<live_entry_ptr> items) override;
  void close(actors::close_code code, std::string reason) override;

private:
  bool full() const override { return false; }
  void put(std::string frame) override;
  void put(std::shared_ptr<const std::string> open_frame, std::uint64_t s) override;
  void need(const conversation_id& conversation, seq_no after) override;
  /// With echo:false an acknowledgement stands for its push.
  seq_no behind_own(const conversation_id& id, seq_no position) const;
  void object(std::string what);

  mutable std::mutex lock_;
  session_window window_;
  actors::session_handle* handle_ = nullptr;
  std::vector<actors::entries_needed> holes_;
  std::map<conversation_id, seq_no> positions_;
  std::map<std::string, std::pair<conversation_id, seq_no>> acknowledged_;
  /// Places of entries that were pushed, and of those that were acknowledged as new.
  std::set<std::pair<conversation_id, seq_no>> pushed_, own_;
  std::uint64_t last_s_ = 0;
  bool greeted_ = false, synced_ = false, closed_ = false;
  std::string violation_;
};

} // namespace parley::tests
