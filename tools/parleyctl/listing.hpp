/// Items of answers as lines for a person. Whatever others wrote is made printable; times are local.

#pragma once

#include <string>

#include <boost/json/object.hpp>

namespace parley::ctl {

/// Id, kind, unread, title or peer, and the last entry.
[[nodiscard]] std::string conversation_line(const boost::json::object& item);

/// Seq, time, who, and what they wrote or did.
[[nodiscard]] std::string entry_line(const boost::json::object& entry);

/// The same with the whole id, for entries of several conversations.
[[nodiscard]] std::string found_line(const boost::json::object& entry);

/// Name, when it was last used, and how it is notified.
[[nodiscard]] std::string device_line(const boost::json::object& item);

/// A line for each of the answer's `items`, by one of the above.
void print_items(const boost::json::object& answer, std::string (*line_of)(const boost::json::object&));

} // namespace parley::ctl
