/// What happens in a conversation, told to whoever shows it.

#pragma once

#include <cstdint>
#include <string>

#include <boost/json/object.hpp>

#include <parley/ids.hpp>

namespace parley::ctl {

/// How far one's own message has come.
enum class progress { sent, delivered, read };

/// An entry of the log. Texts are as their authors wrote them: printing them is for `printable`.
struct shown_entry {
  std::string conversation;
  seq_no seq = 0;
  std::string from;
  std::string text;
  std::int64_t ts = 0;
  bool is_message = true; // else `text` says what was done
  bool is_own = false;
  progress reached = progress::sent; // of one's own
  boost::json::object frame;         // as the server sent it
};

struct sent_message {
  std::string conversation, id, client_id;
  seq_no seq = 0;
  std::int64_t ts = 0;
  bool duplicate = false;
};

class chat_view {
public:
  /// In order of `seq`, each once.
  virtual void show_entry(const shown_entry& entry) = 0;
  /// Whether there is room for another entry; what is not shown stays unread, for the next time.
  [[nodiscard]] virtual bool wants_more() const = 0;
  /// Others have got one's own messages, the last of them `newest`.
  virtual void show_progress(progress reached, const shown_entry& newest) = 0;
  /// One's message is in the log.
  virtual void show_sent(const sent_message& message) = 0;
  /// One's message will never be.
  virtual void show_refused(const std::string& text, const std::string& why) = 0;
  /// The connection was lost, or is back.
  virtual void show_notice(const std::string& text) = 0;

protected:
  ~chat_view() = default;
};

} // namespace parley::ctl
