/// Connections that are lent out one at a time, made when they are needed and made again when they are lost.
///
/// While the server is away, calls are `unavailable` at once; it is tried again no more often than the back-off says
/// (50 ms, doubling up to a second). Any thread.

#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "persistence/lender.hpp"
#include "persistence/postgres/back_off.hpp"
#include "persistence/postgres/connection.hpp"

namespace parley::persistence::postgres {

class pool {
public:
  pool(connection_options options, unsigned size);

  /// Takes in a connection that is open already.
  void keep(connection open);

  /// What `ask(connection&)` answers. It may be asked twice: on a connection that turns out to be lost, nothing was
  /// changed by it.
  template <class Ask> auto read(Ask ask) -> std::invoke_result_t<Ask, connection&> {
    return attempt([&](connection& in, bool& once_more) {
      auto answer = ask(in);
      once_more = in.is_lost();
      return answer;
    });
  }

  /// The same of one moment, although it takes several statements.
  template <class Ask> auto read_moment(Ask ask) -> std::invoke_result_t<Ask, connection&> {
    return in_transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", ask);
  }

  /// What `change(connection&)` does, within a transaction that is committed when it succeeds. It is done once more if
  /// the connection is lost, or others are in the way, before the commit was sent.
  template <class Change> auto change(Change change) -> std::invoke_result_t<Change, connection&> {
    return in_transaction("BEGIN", change);
  }

private:
  using slot = std::optional<connection>;

  class lease {
  public:
    lease(pool& from, slot& lent) : from_{&from}, lent_{&lent} {}
    lease(const lease&) = delete;
    lease& operator=(const lease&) = delete;
    ~lease() { from_->give_back(*lent_); }
    slot& operator*() { return *lent_; }

  private:
    pool* from_;
    slot* lent_;
  };

  template <class Act> auto attempt(Act act) -> std::invoke_result_t<Act, connection&, bool&> {
    for (int tries = 1;; ++tries) {
      lease lent{*this, free_.take()};
      if (auto made = connect(*lent); !made) return fail(made.error());
      auto once_more = false;
      auto answer = act(*(*lent), once_more);
      if (answer || !once_more || tries == 2) return answer;
    }
  }

  template <class Act> auto in_transaction(const char* begin, Act act) -> std::invoke_result_t<Act, connection&> {
    return attempt([&](connection& in, bool& once_more) -> std::invoke_result_t<Act, connection&> {
      if (auto begun = in.execute(begin); !begun) {
        once_more = in.is_lost();
        return fail(begun.error());
      }
      auto answer = act(in);
      if (!answer) {
        once_more = in.is_lost() || in.was_in_the_way();
        if (!in.is_lost()) static_cast<void>(in.execute("ROLLBACK"));
        return answer;
      }
      if (auto done = in.execute("COMMIT"); !done) return fail(errc::unavailable, done.error().detail);
      return answer;
    });
  }

  void give_back(slot& lent);
  [[nodiscard]] result<void> connect(slot& into);
  void note_failure(const error& why);

  connection_options options_;
  std::vector<slot> slots_;
  lender<slot> free_;
  /// Of the two that follow.
  std::mutex mutex_;
  back_off back_off_;
  std::string why_;
};

} // namespace parley::persistence::postgres
