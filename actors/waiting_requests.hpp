/// Requests that wait for the state of their actor, and are answered with nothing but success or an error.

#pragma once

#include <optional>
#include <utility>
#include <vector>

#include <caf/typed_response_promise.hpp>

#include "actors/failure.hpp"
#include "actors/messages.hpp"

namespace parley::actors {

template <class Message> class waiting_requests {
public:
  void add(const Message& order, caf::typed_response_promise<completed> answer) {
    waiting_.push_back({order, std::move(answer)});
  }
  [[nodiscard]] bool empty() const { return waiting_.empty(); }

  /// Does them in their order and answers each. `apply_one(order) -> std::optional<error>`.
  template <class Apply> void apply(Apply apply_one) {
    waiting_requests done;
    apply_and_keep(done, std::move(apply_one));
    done.complete();
  }
  /// The same, but those that were done wait on in `done`.
  template <class Apply> void apply_and_keep(waiting_requests& done, Apply apply_one) {
    for (auto& one : std::exchange(waiting_, {})) {
      if (auto why = apply_one(one.order))
        one.answer.deliver(to_caf(*why));
      else
        done.waiting_.push_back(std::move(one));
    }
  }
  void move_to(waiting_requests& other) {
    for (auto& one : std::exchange(waiting_, {})) other.waiting_.push_back(std::move(one));
  }
  void complete() {
    for (auto& one : std::exchange(waiting_, {})) one.answer.deliver(completed{});
  }
  void fail(const error& why) {
    for (auto& one : std::exchange(waiting_, {})) one.answer.deliver(to_caf(why));
  }

private:
  struct request {
    Message order;
    caf::typed_response_promise<completed> answer;
  };

  std::vector<request> waiting_;
};

} // namespace parley::actors
