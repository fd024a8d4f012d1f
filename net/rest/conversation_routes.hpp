/// Conversations without a socket: what comes by HTTP becomes the frame that a client would send, and the answer is the
/// frame that it would get.

#pragma once

#include <initializer_list>
#include <string_view>

#include <parley/frames.hpp>
#include <parley/object_writer.hpp>

#include "actors/handles.hpp"
#include "net/rest/gate.hpp"
#include "net/rest/router.hpp"

namespace parley::net {

/// Any thread. Outlives the rows.
class conversation_routes {
public:
  conversation_routes(actors::request_runner run, const content_limits& limits);

  void add_to(router& table, gate& door);

private:
  /// Asks with `frame` and those of its fields that stand in the query.
  void ask(const api_call& call, object_writer frame, std::initializer_list<std::string_view> fields,
           http_answer answer) const;
  void send(const api_call& call, http_answer answer) const;
  void send_in(const api_call& call, http_answer answer) const;
  void run(const claims& bearer, result<client_request> request, http_answer answer) const;

  actors::request_runner run_;
  content_limits limits_;
};

} // namespace parley::net
