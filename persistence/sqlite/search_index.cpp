#include "persistence/sqlite/search_index.hpp"

#include <fmt/format.h>

#include "persistence/body_text.hpp"
#include "persistence/search_words.hpp"
#include "persistence/sqlite/transaction.hpp"

namespace parley::persistence::sqlite {

namespace {

// So many entries are indexed while the writer is held: some milliseconds.
constexpr std::size_t step_entries = 500;

const std::string behind_of =
    fmt::format("SELECT m.conversation FROM members m LEFT JOIN indexed_logs i ON i.conversation = m.conversation"
                " WHERE m.user = ?1 AND (?2 IS NULL OR m.conversation = ?2) AND coalesce(i.up_to, 0) <"
                " (SELECT max(h.seq) FROM log h WHERE h.conversation = m.conversation)");
constexpr std::string_view find_place = "SELECT number, up_to FROM indexed_logs WHERE conversation = ?1";
constexpr std::string_view add_place = "INSERT INTO indexed_logs (conversation, up_to) VALUES (?1, 0)"
                                       " ON CONFLICT (conversation) DO NOTHING";
constexpr std::string_view move_place = "UPDATE indexed_logs SET up_to = ?2 WHERE number = ?1";
constexpr std::string_view news_of =
    "SELECT seq, kind, target, body FROM log WHERE conversation = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
const std::string body_of_edit =
    fmt::format("SELECT body FROM log WHERE conversation = ?1 AND target = ?2 AND target > 0 AND seq <= ?3"
                " AND kind = {} AND json_type(body, '$.text') = 'text' ORDER BY seq DESC LIMIT 1",
                static_cast<int>(entry_kind::edited));
constexpr std::string_view body_of_message = "SELECT body FROM log WHERE conversation = ?1 AND seq = ?2 AND seq <= ?3";
constexpr std::string_view insert_words = "INSERT INTO words (rowid, form) VALUES (?1, ?2)";
constexpr std::string_view delete_words = "INSERT INTO words (words, rowid, form) VALUES ('delete', ?1, ?2)";

struct place {
  std::int64_t number = 0;
  seq_no up_to = 0;
};

struct news {
  seq_no seq = 0;
  entry_kind kind = entry_kind::message;
  seq_no target = 0;
  std::string body;
};

place read_place(row& from) { return {.number = from.take<std::int64_t>(), .up_to = from.take<seq_no>()}; }

news read_news(row& from) {
  return {.seq = from.take<seq_no>(),
          .kind = from.take<entry_kind>(),
          .target = from.take<seq_no>(),
          .body = from.take<std::string>()};
}

std::string read_text(row& from) { return from.take<std::string>(); }

result<void> change(database& in, std::string_view how, std::int64_t row, const std::string& body) {
  const auto form = search_form(text_of(body).value_or(""));
  if (form.empty()) return {};
  if (auto done = in.run(how, row, form); !done) return fail(done.error());
  return {};
}

/// Forgets the message `seq` as the log up to `head` has it.
result<void> forget(database& in, const conversation_id& conversation, std::int64_t number, seq_no seq, seq_no head) {
  const auto body = latest_body(in, conversation, seq, head);
  if (!body) return fail(body.error());
  return change(in, delete_words, words_row(number, seq), body->value_or("{}"));
}

/// Indexes at most `limit` entries of one log and returns how many they were.
result<std::size_t> follow(database& in, const conversation_id& conversation, std::size_t limit) {
  if (auto done = in.run(add_place, conversation); !done) return fail(done.error());
  const auto found = in.first(find_place, read_place, conversation);
  if (!found) return fail(found.error());
  const auto [number, up_to] = found->value_or(place{});
  const auto entries = in.rows(news_of, read_news, conversation, up_to, limit);
  if (!entries) return fail(entries.error());

  for (const auto& [seq, kind, target, body] : *entries) {
    if (kind == entry_kind::edited && target > 0) {
      // An edit of the application's object alone leaves the text as it is.
      if (!text_of(body)) continue;
      if (auto done = forget(in, conversation, number, target, seq - 1); !done) return fail(done.error());
      if (auto done = change(in, insert_words, words_row(number, target), body); !done) return fail(done.error());
    } else if (kind == entry_kind::message) {
      if (auto done = change(in, insert_words, words_row(number, seq), body); !done) return fail(done.error());
    }
  }
  if (entries->empty()) return std::size_t{0};
  if (auto done = in.run(move_place, number, entries->back().seq); !done) return fail(done.error());
  return entries->size();
}

/// One step with as many logs as fit into it; those that are done are taken off `behind`.
result<void> step(database& in, std::vector<conversation_id>& behind) {
  auto all = transaction::begin_write(in);
  if (!all) return fail(all.error());
  for (auto left = step_entries; left > 0 && !behind.empty();) {
    const auto done = follow(in, behind.back(), left);
    if (!done) return fail(done.error());
    if (*done < left) behind.pop_back();
    left -= *done;
  }
  return all->commit();
}

} // namespace

result<void> catch_up(connections& to, const user_id& user, const std::optional<conversation_id>& conversation) {
  const auto read = [](row& row) { return row.take<conversation_id>(); };
  auto behind = to.readers.take()->rows(behind_of, read, user, conversation);
  if (!behind) return fail(behind.error());
  while (!behind->empty()) {
    if (auto done = step(*to.writer.take(), *behind); !done) return done;
  }
  return {};
}

result<void> forget_words(database& in, const conversation_id& conversation, seq_no seq) {
  const auto found = in.first(find_place, read_place, conversation);
  if (!found) return fail(found.error());
  if (!*found || seq > (*found)->up_to) return {};
  return forget(in, conversation, (*found)->number, seq, (*found)->up_to);
}

result<std::optional<std::string>> latest_body(database& in, const conversation_id& conversation, seq_no seq,
                                               seq_no head) {
  auto edit = in.first(body_of_edit, read_text, conversation, seq, head);
  if (!edit || *edit) return edit;
  return in.first(body_of_message, read_text, conversation, seq, head);
}

} // namespace parley::persistence::sqlite
