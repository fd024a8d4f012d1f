#include "persistence/postgres/search.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "persistence/body_text.hpp"
#include "persistence/postgres/model_rows.hpp"
#include "persistence/postgres/search_index.hpp"
#include "persistence/search_words.hpp"
#include "persistence/spans.hpp"

namespace parley::persistence::postgres {

namespace {

constexpr seq_no seq_max = std::numeric_limits<std::int64_t>::max();

const std::string scopes_of = fmt::format("SELECT {}, m.conversation, c.history"
                                          " FROM members m JOIN conversations c ON c.id = m.conversation"
                                          " WHERE m.\"user\" = $1 AND ($2::uuid IS NULL OR m.conversation = $2)",
                                          member_columns);

// $1 to $4: the scopes. Messages that were edited after a membership ended are looked at by themselves, because the
// index knows another text than the one that the user saw; $8 and $9 are those of them that match.
const std::string newest_hits = fmt::format(
    "WITH s AS (SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::boolean[])"
    "  AS s (conversation, first, last, ended)),"
    " h AS (SELECT w.conversation, w.seq FROM words w JOIN s ON s.conversation = w.conversation"
    "  WHERE w.words @@ $5::tsquery AND w.seq BETWEEN s.first AND s.last"
    "  AND NOT EXISTS (SELECT 1 FROM unnest($6::text[]) AS t (term) WHERE position(t.term IN w.form) = 0)"
    "  AND NOT (s.ended AND EXISTS (SELECT 1 FROM log x WHERE x.conversation = w.conversation"
    "   AND x.target = w.seq AND x.target > 0 AND x.seq > s.last AND x.kind = {1}))"
    "  ORDER BY w.at DESC, w.seq DESC, w.conversation DESC LIMIT $7) "
    "SELECT {0} FROM (SELECT conversation, seq FROM h UNION SELECT * FROM unnest($8::uuid[], $9::bigint[])) k"
    " CROSS JOIN LATERAL (SELECT * FROM log l WHERE l.conversation = k.conversation AND l.seq = k.seq) e"
    " WHERE e.kind = {2} ORDER BY e.at DESC, e.seq DESC, e.conversation DESC LIMIT $7",
    entry_columns, static_cast<int>(entry_kind::edited), static_cast<int>(entry_kind::message));

// What the messages that were edited after `last` said up to then: each body that they had, oldest first.
const std::string former_bodies =
    fmt::format("SELECT s.conversation, t.target, b.body"
                " FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS s (conversation, first, last)"
                " CROSS JOIN LATERAL (SELECT DISTINCT x.target FROM log x WHERE x.conversation = s.conversation"
                "  AND x.target > 0 AND x.target BETWEEN s.first AND s.last AND x.seq > s.last AND x.kind = {0}) t"
                " CROSS JOIN LATERAL (SELECT l.seq, l.body FROM log l WHERE l.conversation = s.conversation"
                "  AND l.seq = t.target UNION ALL SELECT l.seq, l.body FROM log l WHERE l.conversation = s.conversation"
                "  AND l.target = t.target AND l.target > 0 AND l.seq <= s.last AND l.kind = {0}) b"
                " ORDER BY s.conversation, t.target, b.seq",
                static_cast<int>(entry_kind::edited));

/// What the user may read of one conversation.
struct scope {
  conversation_id conversation;
  membership_span readable;
  bool ended = false;
};

using message_key = std::pair<conversation_id, seq_no>;

scope read_scope(row& from) {
  const auto self = read_member(from);
  scope one{.conversation = from.take<conversation_id>()};
  one.readable = readable_span(self, from.take<history_policy>(), seq_max);
  one.ended = !self.active();
  return one;
}

seq_no first_of(const scope& one) { return one.readable.joined; }
seq_no last_of(const scope& one) { return one.readable.left; }

/// What the index cannot know: messages of an ended membership by the text that they had at its end.
result<std::vector<message_key>> find_former(connection& in, std::vector<scope> scopes,
                                             const std::vector<std::string>& terms) {
  std::erase_if(scopes, [](const scope& one) { return !one.ended; });
  std::vector<message_key> found;
  if (scopes.empty()) return found;
  std::map<message_key, std::string> texts;
  const auto note = [&](row& row) {
    const auto conversation = row.take<conversation_id>();
    const auto seq = row.take<seq_no>();
    if (auto text = text_of(row.take<std::string>())) texts[{conversation, seq}] = *std::move(text);
  };
  auto done = in.each(former_bodies, note, array_of(scopes, &scope::conversation), array_of(scopes, first_of),
                      array_of(scopes, last_of));
  if (!done) return fail(done.error());
  for (const auto& [key, text] : texts)
    if (matches(search_form(text), terms)) found.push_back(key);
  return found;
}

result<std::vector<entry>> find_newest(connection& in, const user_id& user, const search_query& what,
                                       const std::vector<std::string>& terms) {
  const auto scopes = in.rows(scopes_of, read_scope, user, what.conversation);
  if (!scopes) return fail(scopes.error());
  if (scopes->empty()) return std::vector<entry>{};
  const auto former = find_former(in, *scopes, terms);
  if (!former) return fail(former.error());
  return in.rows(newest_hits, read_entry, array_of(*scopes, &scope::conversation), array_of(*scopes, first_of),
                 array_of(*scopes, last_of), array_of(*scopes, &scope::ended), query_of(terms), array_of(terms),
                 what.limit, array_of(*former, &message_key::first), array_of(*former, &message_key::second));
}

} // namespace

result<std::vector<entry>> search(pool& to, const user_id& user, const search_query& what) {
  const auto terms = search_terms(what.text);
  if (terms.empty()) return std::vector<entry>{};
  if (auto done = catch_up(to, user, what.conversation); !done) return fail(done.error());
  return to.read_moment([&](connection& in) { return find_newest(in, user, what, terms); });
}

} // namespace parley::persistence::postgres
