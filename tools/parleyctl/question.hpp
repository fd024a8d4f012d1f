/// What most commands are: one request over a connection of its own, and its answer on stdout.

#pragma once

#include <functional>

#include <boost/json/object.hpp>

#include "tools/parleyctl/connect_options.hpp"

namespace parley::ctl {

using request_maker = std::function<result<boost::json::object>(const account& self)>;
using answer_printer = std::function<void(const boost::json::object& answer)>;

/// Asks, and prints the answer by `print`, or as JSON when the options say so. Gives the exit code.
int ask_and_print(const connect_options& options, const request_maker& make_request, const answer_printer& print);

/// The part behind the answer.
int print_answer(const connect_options& options, const boost::json::object& answer, const answer_printer& print);

} // namespace parley::ctl
