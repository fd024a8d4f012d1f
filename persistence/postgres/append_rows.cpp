#include "persistence/postgres/append_rows.hpp"

#include <algorithm>
#include <tuple>

namespace parley::persistence::postgres {

namespace {

void merge(member& into, const member& later) {
  const auto before = into;
  into = later;
  into.delivered = std::max(before.delivered, later.delivered);
  into.read = std::max(before.read, later.read);
  into.shown = std::max(before.shown, later.shown);
}

void merge(position_update& into, const position_update& later) {
  into.delivered = std::max(into.delivered, later.delivered);
  into.read = std::max(into.read, later.read);
  into.shown = std::max(into.shown, later.shown);
}

void merge(cursor_update& into, const cursor_update& later) { into.seq = std::max(into.seq, later.seq); }

/// Rows of the list `Of` of each write, ordered by the key that `key_of` makes of a row.
template <auto Of, class KeyOf> auto rows_of(const append_writes& writes, const KeyOf& key_of) {
  using row = typename std::remove_cvref_t<decltype(writes.front()->*Of)>::value_type;
  std::vector<std::pair<conversation_id, row>> rows;
  for (const auto* write : writes)
    for (const auto& one : write->*Of) rows.emplace_back(write->conversation, one);
  std::ranges::stable_sort(rows, [&](const auto& a, const auto& b) { return key_of(a) < key_of(b); });

  std::vector<std::pair<conversation_id, row>> merged;
  for (auto& one : rows) {
    if (!merged.empty() && key_of(merged.back()) == key_of(one)) {
      merge(merged.back().second, one.second);
    } else {
      merged.push_back(std::move(one));
    }
  }
  return merged;
}

constexpr auto by_user = [](const auto& row) { return std::tie(row.second.user, row.first); };
constexpr auto by_device = [](const auto& row) { return std::tie(row.second.user, row.second.device, row.first); };

} // namespace

std::vector<std::pair<conversation_id, member>> member_rows(const append_writes& writes) {
  return rows_of<&conversation_write::members>(writes, by_user);
}

std::vector<std::pair<conversation_id, position_update>> position_rows(const append_writes& writes) {
  return rows_of<&conversation_write::positions>(writes, by_user);
}

std::vector<std::pair<conversation_id, cursor_update>> cursor_rows(const append_writes& writes) {
  return rows_of<&conversation_write::cursors>(writes, by_device);
}

std::vector<std::pair<file_id, conversation_id>> file_rows(const append_writes& writes) {
  std::vector<std::pair<file_id, conversation_id>> rows;
  for (const auto* write : writes)
    for (const auto& file : write->files) rows.emplace_back(file, write->conversation);
  std::ranges::sort(rows);
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

} // namespace parley::persistence::postgres
