#include "persistence/postgres/search_index.hpp"

#include <map>

#include <fmt/format.h>

#include "persistence/body_text.hpp"
#include "persistence/postgres/model_rows.hpp"
#include "persistence/search_words.hpp"

namespace parley::persistence::postgres {

namespace {

// So many entries are indexed in one transaction: some milliseconds, during which nobody can erase a text there.
constexpr std::size_t step_entries = 500;

// PostgreSQL refuses words of 2 KB; the form itself decides what matches.
constexpr std::size_t word_bytes_max = 240;

const std::string behind_of =
    fmt::format("SELECT m.conversation FROM members m LEFT JOIN indexed_logs i ON i.conversation = m.conversation"
                " CROSS JOIN {} WHERE m.\"user\" = $1 AND ($2::uuid IS NULL OR m.conversation = $2)"
                " AND coalesce(i.up_to, 0) < e.seq ORDER BY m.conversation",
                newest_for_member);
// The same lock as in the function forget_words.
const std::string lock_index = "SELECT pg_advisory_xact_lock(hashtextextended($1::uuid::text, 1))";
const std::string news_of =
    "SELECT l.seq, l.kind, l.target, l.body FROM log l WHERE l.conversation = $1 AND l.seq >"
    " coalesce((SELECT i.up_to FROM indexed_logs i WHERE i.conversation = $1), 0) ORDER BY l.seq LIMIT $2";
const std::string put_words =
    fmt::format("INSERT INTO words (conversation, seq, at, form, words)"
                " SELECT l.conversation, l.seq, l.at, w.form, w.words::tsvector"
                " FROM unnest($2::bigint[], $3::text[], $4::text[]) AS w (seq, form, words)"
                " JOIN log l ON l.conversation = $1 AND l.seq = w.seq AND l.kind = {} AND l.body <> '{{}}'"
                " WHERE w.form <> ''"
                " ON CONFLICT (conversation, seq) DO UPDATE SET form = excluded.form, words = excluded.words",
                static_cast<int>(entry_kind::message));
const std::string delete_words = "DELETE FROM words WHERE conversation = $1 AND seq = ANY($2::bigint[])";
const std::string move_place = "INSERT INTO indexed_logs (conversation, up_to) VALUES ($1, $2)"
                               " ON CONFLICT (conversation) DO UPDATE SET up_to = excluded.up_to";

struct news {
  seq_no seq = 0;
  entry_kind kind = entry_kind::message;
  seq_no target = 0;
  std::string body;
};

/// The new search forms of messages, by seq.
using new_forms = std::map<seq_no, std::string>;

news read_news(row& from) {
  return {.seq = from.take<seq_no>(),
          .kind = from.take<entry_kind>(),
          .target = from.take<seq_no>(),
          .body = from.take<std::string>()};
}

new_forms forms_of(const std::vector<news>& entries) {
  new_forms forms;
  for (const auto& [seq, kind, target, body] : entries) {
    const auto edits = kind == entry_kind::edited && target > 0;
    if (!edits && kind != entry_kind::message) continue;
    const auto text = text_of(body);
    // An edit of the application's object alone leaves the text as it is.
    if (edits && !text) continue;
    forms[edits ? target : seq] = search_form(text.value_or(""));
  }
  return forms;
}

result<void> put(connection& in, const conversation_id& conversation, const new_forms& forms) {
  std::vector<seq_no> wordless;
  for (const auto& [seq, form] : forms)
    if (form.empty()) wordless.push_back(seq);
  if (!wordless.empty()) {
    if (auto done = in.run(delete_words, conversation, array_of(wordless)); !done) return fail(done.error());
  }
  if (forms.size() == wordless.size()) return {};
  const auto done = in.run(put_words, conversation, array_of(forms, [](const auto& one) { return one.first; }),
                           array_of(forms, [](const auto& one) { return one.second; }),
                           array_of(forms, [](const auto& one) { return words_of(one.second); }));
  if (!done) return fail(done.error());
  return {};
}

/// Indexes the next entries of one log and returns how many they were.
result<std::size_t> follow(connection& in, const conversation_id& conversation) {
  if (auto done = in.run(lock_index, conversation); !done) return fail(done.error());
  const auto entries = in.rows(news_of, read_news, conversation, step_entries);
  if (!entries) return fail(entries.error());
  if (entries->empty()) return std::size_t{0};
  if (auto done = put(in, conversation, forms_of(*entries)); !done) return fail(done.error());
  if (auto done = in.run(move_place, conversation, entries->back().seq); !done) return fail(done.error());
  return entries->size();
}

/// Shows every word of `form` to `visit(word, is_last)`.
template <class Visit> void each_word(std::string_view form, Visit visit) {
  while (!form.empty()) {
    form.remove_prefix(1); // the space before each word
    auto word = form.substr(0, form.find(' '));
    form.remove_prefix(word.size());
    if (word.size() > word_bytes_max) {
      auto end = word_bytes_max;
      while ((static_cast<unsigned char>(word[end]) & 0xc0U) == 0x80U) --end;
      word = word.substr(0, end);
    }
    visit(word, form.empty());
  }
}

} // namespace

result<void> catch_up(pool& to, const user_id& user, const std::optional<conversation_id>& conversation) {
  const auto read = [](row& row) { return row.take<conversation_id>(); };
  const auto behind = to.read([&](connection& in) { return in.rows(behind_of, read, user, conversation); });
  if (!behind) return fail(behind.error());
  for (const auto& id : *behind) {
    for (auto left = step_entries; left == step_entries;) {
      const auto done = to.change([&](connection& in) { return follow(in, id); });
      if (!done) return fail(done.error());
      left = *done;
    }
  }
  return {};
}

// There is no quote and no backslash in a form.
std::string words_of(std::string_view form) {
  std::string words;
  each_word(form, [&](std::string_view word, bool) { words += fmt::format("'{}' ", word); });
  return words;
}

std::string query_of(const std::vector<std::string>& terms) {
  std::string query;
  for (const auto& term : terms)
    each_word(term, [&](std::string_view word, bool is_last) {
      query += fmt::format("{}'{}'{}", query.empty() ? "" : " & ", word,
                           is_last || word.size() + 4 > word_bytes_max ? ":*" : "");
    });
  return query;
}

} // namespace parley::persistence::postgres
