#include <algorithm>
#include <utility>

#include <caf/io/broker.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "cluster/link/hello_check.hpp"
#include "cluster/link/mesh.hpp"

namespace parley::cluster::link {

namespace {

template <class... Calls> struct overloaded : Calls... { using Calls::operator()...; };

/// A peer's words, cut to what a line of the log can bear.
std::string shortened(const std::string& text) {
  constexpr std::size_t most = 300;
  auto cut = text.substr(0, most);
  std::ranges::replace_if(
      cut, [](unsigned char one) { return one < ' ' || one == 0x7f; }, ' ');
  return cut;
}

} // namespace

std::size_t mesh::frame_bytes_max(const connection& from) const {
  if (!from.is_greeted) return first_frame_bytes_max;
  return std::max(bounds_.envelope_bytes_max, bounds_.batch_bytes_max) + batch_overhead_bytes_max;
}

void mesh::take(const connection_ptr& from, frame& what) {
  if (!from->is_greeted) {
    if (auto* const hello = std::get_if<hello_frame>(&what)) return take_hello(from, *hello);
    if (const auto* const refusal = std::get_if<refusal_frame>(&what)) return take_refusal(from, *refusal);
    return misbehaved(from, "a frame before its hello");
  }
  if (const auto* const refusal = std::get_if<refusal_frame>(&what)) return take_refusal(from, *refusal);
  // The one that dialled has taken our hello.
  if (!from->is_up) bring_up(from);
  std::visit(overloaded{
                 [&](hello_frame&) { misbehaved(from, "a second hello"); },
                 [&](batch_frame& batch) { take_batch(from, batch); },
                 [&](credit_frame& credit) { take_credit(from, credit); },
                 [&](farewell_frame&) { end(from, down_reason::left, "it said farewell"); },
                 [](auto&) {},
             },
             what);
}

void mesh::take_hello(const connection_ptr& from, hello_frame& hello) {
  const auto& own = needs_.options;
  hello_expectation expected{.cluster = own.cluster,
                             .node = own.node,
                             .protocol = own.protocol,
                             .dialled = from->dialled,
                             .known_incarnation = std::nullopt};
  if (const auto known = peers_.find(hello.node); known != peers_.end())
    expected.known_incarnation = known->second.incarnation;
  if (const auto why = objection_to(hello, expected)) return refuse(from, hello.node, *why);
  from->hello = std::move(hello);
  from->is_greeted = true;
  if (from->dialled.empty()) return greet(*from);
  bring_up(from);
  say(*from, encode(heartbeat_frame{}));
}

void mesh::refuse(const connection_ptr& whom, const std::string& node, const std::string& why) {
  const auto line = shortened(why);
  tell_refused(node, line);
  say(*whom, encode(refusal_frame{line}));
  end(whom, down_reason::rejected, {}, farewell::after_what_was_said);
}

void mesh::take_refusal(const connection_ptr& from, const refusal_frame& refusal) {
  const auto& node = from->is_greeted ? from->hello.node : from->dialled;
  const auto line = shortened(refusal.why);
  tell_refused(node, line);
  end(from, down_reason::rejected, from->is_up ? line : std::string{});
}

void mesh::take_batch(const connection_ptr& from, batch_frame& batch) {
  from->held.envelopes += batch.envelopes.size();
  from->held.bytes += batch.bytes;
  if (from->held.envelopes > bounds_.envelopes_max || from->held.bytes > bounds_.bytes_max)
    return misbehaved(from, "more envelopes than it has credit for");
  self_->send(needs_.delivery, deliver_batch{.node = from->hello.node,
                                             .incarnation = from->hello.incarnation,
                                             .link = from->number,
                                             .envelopes = std::move(batch.envelopes),
                                             .bytes = batch.bytes});
}

void mesh::take_credit(const connection_ptr& from, const credit_frame& credit) {
  if (!from->box->acknowledge(credit.envelopes, credit.bytes)) return misbehaved(from, "credit for more than was sent");
  send_batches(*from);
}

} // namespace parley::cluster::link
