#include "persistence/sqlite/search.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "persistence/body_text.hpp"
#include "persistence/search_words.hpp"
#include "persistence/spans.hpp"
#include "persistence/sqlite/log_reader.hpp"
#include "persistence/sqlite/model_rows.hpp"
#include "persistence/sqlite/search_index.hpp"
#include "persistence/sqlite/transaction.hpp"

namespace parley::persistence::sqlite {

namespace {

constexpr seq_no seq_max = std::numeric_limits<std::uint32_t>::max();

const std::string scopes_of = fmt::format("SELECT {}, m.conversation, c.history, i.number"
                                          " FROM members m CROSS JOIN conversations c ON c.id = m.conversation"
                                          " CROSS JOIN indexed_logs i ON i.conversation = m.conversation"
                                          " WHERE m.user = ?1 AND (?2 IS NULL OR m.conversation = ?2)",
                                          member_columns);
constexpr std::string_view hits_of =
    "SELECT rowid FROM words WHERE words MATCH ?1 AND rowid BETWEEN ?2 AND ?3 ORDER BY rowid DESC LIMIT ?4";
const std::string edited_later =
    fmt::format("SELECT DISTINCT target FROM log WHERE conversation = ?1 AND target > 0 AND target BETWEEN ?2 AND ?3"
                " AND seq > ?3 AND kind = {}",
                static_cast<int>(entry_kind::edited));
const std::string time_of = fmt::format("SELECT at FROM log WHERE conversation = ?1 AND seq = ?2 AND kind = {}",
                                        static_cast<int>(entry_kind::message));

/// Where to search: what the user may read of one conversation, with the newest hits there.
struct scope {
  conversation_id conversation;
  std::int64_t number = 0;
  membership_span readable;
  bool ended = false;
  /// Edited after the membership ended, so that the index knows another text than the one that the user saw.
  std::set<seq_no> edited_later;
  std::vector<seq_no> hits;
};

struct found_message {
  timestamp at{};
  seq_no seq = 0;
  conversation_id conversation;
};

scope read_scope(row& from) {
  const auto self = read_member(from);
  scope one{.conversation = from.take<conversation_id>()};
  one.readable = readable_span(self, from.take<history_policy>(), seq_max);
  one.number = from.take<std::int64_t>();
  one.ended = !self.active();
  return one;
}

/// `"don t" * "stop" *`: FTS5 wants all of them, each with its last word as a beginning. There is no quote in a form.
std::string match_expression(const std::vector<std::string>& terms) {
  std::string expression;
  for (const auto& term : terms) expression += fmt::format("\"{}\" * ", term);
  return expression;
}

result<void> find_edited_later(database& in, scope& where) {
  if (!where.ended) return {};
  const auto& [first, last] = where.readable;
  return in.each(
      edited_later, [&](row& row) { where.edited_later.insert(row.take<seq_no>()); }, where.conversation, first, last);
}

/// Adds what the index cannot know: messages of an ended membership by the text that they had at its end.
result<void> add_former_texts(database& in, scope& where, const std::vector<std::string>& terms) {
  for (const auto seq : where.edited_later) {
    const auto body = latest_body(in, where.conversation, seq, where.readable.left);
    if (!body) return fail(body.error());
    if (matches(search_form(text_of(body->value_or("{}")).value_or("")), terms)) where.hits.push_back(seq);
  }
  return {};
}

result<void> find_hits(database& in, std::vector<scope>& scopes, const std::vector<std::string>& terms,
                       std::size_t limit) {
  std::map<std::int64_t, scope*> by_number;
  for (auto& one : scopes) by_number.emplace(one.number, &one);
  const auto note = [&](row& row) {
    const auto hit = row.take<std::int64_t>();
    const auto found = by_number.find(hit >> 32);
    if (found == by_number.end()) return;
    auto& [number, where] = *found;
    const auto seq = static_cast<seq_no>(hit) & seq_max;
    const auto readable = where->readable.joined <= seq && seq <= where->readable.left;
    if (readable && where->hits.size() < limit && !where->edited_later.contains(seq)) where->hits.push_back(seq);
  };
  auto first = words_row(by_number.begin()->first, 0);
  auto last = words_row(by_number.rbegin()->first, seq_max);
  auto rows = std::numeric_limits<std::size_t>::max();
  if (scopes.size() == 1) {
    const auto& only = scopes.front();
    first = words_row(only.number, only.readable.joined);
    last = words_row(only.number, only.readable.left);
    rows = limit + only.edited_later.size();
  }
  if (auto done = in.each(hits_of, note, match_expression(terms), first, last, rows); !done) return done;
  for (auto& one : scopes) {
    if (auto done = add_former_texts(in, one, terms); !done) return done;
  }
  return {};
}

result<std::vector<entry>> read_newest(database& in, const std::vector<scope>& scopes, std::size_t limit) {
  std::vector<found_message> messages;
  for (const auto& where : scopes) {
    for (const auto seq : where.hits) {
      const auto at = in.first(
          time_of, [](row& row) { return row.take<timestamp>(); }, where.conversation, seq);
      if (!at) return fail(at.error());
      if (*at) messages.push_back({**at, seq, where.conversation});
    }
  }
  std::ranges::sort(messages, std::greater{},
                    [](const found_message& one) { return std::tie(one.at, one.seq, one.conversation); });
  if (messages.size() > limit) messages.resize(limit);

  std::vector<entry> entries;
  for (const auto& [at, seq, conversation] : messages) {
    auto read = read_range(in, conversation, {.after = seq - 1, .before = seq + 1, .limit = 1});
    if (!read) return read;
    entries.push_back(std::move(read->front()));
  }
  return entries;
}

} // namespace

result<std::vector<entry>> search(connections& to, const user_id& user, const search_query& what) {
  const auto terms = search_terms(what.text);
  if (terms.empty()) return std::vector<entry>{};
  if (auto done = catch_up(to, user, what.conversation); !done) return fail(done.error());

  const auto reader = to.readers.take();
  const auto moment = transaction::begin_read(*reader);
  if (!moment) return fail(moment.error());
  auto scopes = reader->rows(scopes_of, read_scope, user, what.conversation);
  if (!scopes) return fail(scopes.error());
  if (scopes->empty()) return std::vector<entry>{};
  for (auto& one : *scopes) {
    if (auto done = find_edited_later(*reader, one); !done) return fail(done.error());
  }
  if (auto done = find_hits(*reader, *scopes, terms, what.limit); !done) return fail(done.error());
  return read_newest(*reader, *scopes, what.limit);
}

} // namespace parley::persistence::sqlite
