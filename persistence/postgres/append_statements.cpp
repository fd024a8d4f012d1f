#include "persistence/postgres/append_statements.hpp"

#include <algorithm>
#include <utility>

#include "persistence/postgres/append_rows.hpp"
#include "persistence/spans.hpp"

namespace parley::persistence::postgres {

namespace {

using type = element_type;

// A seq that is taken is refused by the primary key.
constexpr const char* insert_entries =
    "INSERT INTO log (conversation, seq, kind, author, client, target, at, countable, body, print) "
    "SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::smallint[], $4::text[], $5::uuid[], $6::bigint[], $7::bigint[],"
    " $8::boolean[], $9::text[], $10::bytea[])";

// Where `unsure`, the entry before has to be there, else there would be a hole: the print is null then, which the table
// refuses.
constexpr const char* insert_unsure_entries =
    "INSERT INTO log (conversation, seq, kind, author, client, target, at, countable, body, print) "
    "SELECT w.conversation, w.seq, w.kind, w.author, w.client, w.target, w.at, w.countable, w.body,"
    " CASE WHEN NOT w.unsure OR EXISTS"
    " (SELECT 1 FROM log p WHERE p.conversation = w.conversation AND p.seq = w.seq - 1) THEN w.print END "
    "FROM unnest($1::uuid[], $2::bigint[], $3::smallint[], $4::text[], $5::uuid[], $6::bigint[], $7::bigint[],"
    " $8::boolean[], $9::text[], $10::bytea[], $11::boolean[])"
    " AS w (conversation, seq, kind, author, client, target, at, countable, body, print, unsure)";

constexpr const char* erase_messages =
    "UPDATE log l SET body = '{}', countable = false FROM unnest($1::uuid[], $2::bigint[]) AS w (conversation, seq) "
    "WHERE l.conversation = w.conversation AND l.seq = w.seq";

constexpr const char* erase_edits =
    "UPDATE log l SET body = '{}' FROM unnest($1::uuid[], $2::bigint[]) AS w (conversation, seq) "
    "WHERE l.conversation = w.conversation AND l.target = w.seq AND l.target > 0 AND l.kind = 2";

constexpr const char* put_records =
    "INSERT INTO conversations (id, kind, title, history, mode, data, created_at, mode_chosen, updated) "
    "SELECT * FROM unnest($1::uuid[], $2::smallint[], $3::text[], $4::smallint[], $5::smallint[], $6::text[],"
    " $7::bigint[], $8::boolean[], $9::bigint[]) "
    "ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, title = excluded.title, history = excluded.history,"
    " mode = excluded.mode, data = excluded.data, created_at = excluded.created_at,"
    " mode_chosen = excluded.mode_chosen, updated = excluded.updated";

constexpr const char* put_members =
    "INSERT INTO members AS m (\"user\", conversation, role, joined_seq, left_seq, delivered, read, shown, muted_until,"
    " role_since, earlier) "
    "SELECT * FROM unnest($1::text[], $2::uuid[], $3::smallint[], $4::bigint[], $5::bigint[], $6::bigint[],"
    " $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::text[]) "
    "ON CONFLICT (\"user\", conversation) DO UPDATE SET role = excluded.role, joined_seq = excluded.joined_seq,"
    " left_seq = excluded.left_seq, delivered = greatest(m.delivered, excluded.delivered),"
    " read = greatest(m.read, excluded.read), shown = greatest(m.shown, excluded.shown),"
    " muted_until = excluded.muted_until, role_since = excluded.role_since, earlier = excluded.earlier";

constexpr const char* raise_positions =
    "UPDATE members m SET delivered = greatest(m.delivered, w.delivered), read = greatest(m.read, w.read),"
    " shown = greatest(m.shown, w.shown) "
    "FROM unnest($1::text[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[])"
    " AS w (\"user\", conversation, delivered, read, shown) "
    "WHERE m.\"user\" = w.\"user\" AND m.conversation = w.conversation"
    " AND (m.delivered < w.delivered OR m.read < w.read OR m.shown < w.shown)";

constexpr const char* raise_cursors =
    "INSERT INTO cursors AS c (\"user\", device, conversation, seq) "
    "SELECT w.* FROM unnest($1::text[], $2::text[], $3::uuid[], $4::bigint[]) AS w (\"user\", device, conversation, "
    "seq) "
    "WHERE EXISTS (SELECT 1 FROM devices d WHERE d.\"user\" = w.\"user\" AND d.device = w.device) "
    "ON CONFLICT (\"user\", device, conversation) DO UPDATE SET seq = excluded.seq WHERE c.seq < excluded.seq";

constexpr const char* link_files = "INSERT INTO file_conversations (file, conversation) "
                                   "SELECT * FROM unnest($1::uuid[], $2::uuid[]) "
                                   "ON CONFLICT (file, conversation) DO NOTHING";

// One statement, so that head and entries are of the same moment. Write number n has the keys whose number is n.
constexpr const char* look =
    "SELECT (w.number - 1)::int, h.head, e.conversation, e.seq, e.kind, e.author, e.client, e.target, e.at, "
    "e.countable,"
    " e.print, e.body "
    "FROM unnest($1::uuid[]) WITH ORDINALITY AS w (conversation, number) "
    "CROSS JOIN LATERAL (SELECT coalesce(max(l.seq), 0) AS head FROM log l WHERE l.conversation = w.conversation) h "
    "LEFT JOIN LATERAL ("
    " SELECT l.* FROM unnest($2::int[], $3::bigint[]) AS k (number, seq)"
    " JOIN log l ON l.conversation = w.conversation AND l.seq = k.seq WHERE k.number = w.number"
    " UNION ALL"
    " SELECT l.* FROM unnest($4::int[], $5::text[], $6::uuid[]) AS k (number, author, client)"
    " JOIN log l ON l.conversation = w.conversation AND l.author = k.author AND l.client = k.client"
    " WHERE k.number = w.number) e ON true";

/// In the order of `append_statements`.
enum : std::size_t {
  call_insert_entries,
  call_insert_unsure_entries,
  call_erase_messages,
  call_erase_edits,
  call_put_records,
  call_put_members,
  call_raise_positions,
  call_raise_cursors,
  call_link_files,
  call_look,
};

/// Adds rows to the parameters of one statement, and is no call at all without rows.
class call_builder {
public:
  explicit call_builder(std::size_t which) : made_{.statement = &append_statements()[which], .columns = {}} {
    for (const auto of : made_.statement->columns) made_.columns.emplace_back(of);
  }

  [[nodiscard]] array_column& column(std::size_t number) { return made_.columns[number]; }
  template <class... Values> void add(const Values&... values) {
    std::size_t at = 0;
    (add_value(made_.columns[at++], values), ...);
    ++rows_;
  }
  void move_into(std::vector<append_call>& calls) && {
    if (rows_ > 0) calls.push_back(std::move(made_));
  }

private:
  template <class T> static void add_value(array_column& to, const T& value) {
    if constexpr (std::is_enum_v<T>) {
      to.add_int2(static_cast<std::int16_t>(value));
    } else if constexpr (std::is_same_v<T, std::int32_t>) {
      to.add_int4(value);
    } else if constexpr (std::is_same_v<T, fingerprint>) {
      to.add(std::string_view{reinterpret_cast<const char*>(value.data()), value.size()});
    } else if constexpr (std::is_same_v<T, std::string>) {
      to.add(std::string_view{value});
    } else {
      to.add(value);
    }
  }

  append_call made_;
  std::size_t rows_ = 0;
};

void add_entries(const append_writes& writes, const append_writes& unsure, std::vector<append_call>& calls) {
  const auto is_unsure = [&](const conversation_write* write) {
    return std::ranges::find(unsure, write) != unsure.end();
  };
  call_builder entries{unsure.empty() ? call_insert_entries : call_insert_unsure_entries};
  for (const auto* write : writes) {
    // Only the first one; the others follow it.
    auto looks = is_unsure(write);
    for (const auto& e : write->entries) {
      entries.add(e.conversation, e.seq, e.kind, e.author, e.client, e.target, e.at, e.countable, e.body, e.print);
      if (!unsure.empty()) entries.column(10).add(std::exchange(looks, false));
    }
  }
  std::move(entries).move_into(calls);
}

void add_erasures(const append_writes& writes, std::vector<append_call>& calls) {
  call_builder messages{call_erase_messages};
  call_builder edits{call_erase_edits};
  for (const auto* write : writes)
    for (const auto seq : write->erased) {
      messages.add(write->conversation, seq);
      edits.add(write->conversation, seq);
    }
  std::move(messages).move_into(calls);
  std::move(edits).move_into(calls);
}

void add_projection(const append_writes& writes, std::vector<append_call>& calls) {
  call_builder records{call_put_records};
  for (const auto* write : writes)
    if (const auto& c = write->record)
      records.add(c->id, c->kind, c->title, c->history, c->mode, c->data, c->created_at, c->mode_chosen, c->updated);
  std::move(records).move_into(calls);

  call_builder members{call_put_members};
  for (const auto& [id, m] : member_rows(writes))
    members.add(m.user, id, m.role, m.joined, m.left, m.delivered, m.read, m.shown, m.muted_until, m.role_since,
                to_text(m.earlier));
  std::move(members).move_into(calls);
}

void add_positions(const append_writes& writes, std::vector<append_call>& calls) {
  call_builder positions{call_raise_positions};
  for (const auto& [id, p] : position_rows(writes)) positions.add(p.user, id, p.delivered, p.read, p.shown);
  std::move(positions).move_into(calls);

  call_builder cursors{call_raise_cursors};
  for (const auto& [id, c] : cursor_rows(writes)) cursors.add(c.user, c.device, id, c.seq);
  std::move(cursors).move_into(calls);
}

void add_files(const append_writes& writes, std::vector<append_call>& calls) {
  call_builder files{call_link_files};
  for (const auto& [file, id] : file_rows(writes)) files.add(file, id);
  std::move(files).move_into(calls);
}

std::vector<append_call> look_at(const append_step& step) {
  call_builder keys{call_look};
  std::int32_t number = 0;
  for (const auto* write : step.writes) {
    keys.column(0).add(write->conversation);
    ++number;
    for (const auto& e : write->entries) {
      keys.column(1).add_int4(number);
      keys.column(2).add(e.seq);
      if (!e.client) continue;
      keys.column(3).add_int4(number);
      keys.column(4).add(e.author);
      keys.column(5).add(*e.client);
    }
  }
  std::vector<append_call> calls;
  keys.add();
  std::move(keys).move_into(calls);
  return calls;
}

} // namespace

const std::vector<append_statement>& append_statements() {
  static const std::vector<append_statement> all{
      {"insert_entries",
       insert_entries,
       {type::uuid, type::int8, type::int2, type::text, type::uuid, type::int8, type::int8, type::boolean, type::text,
        type::bytes}},
      {"insert_unsure_entries",
       insert_unsure_entries,
       {type::uuid, type::int8, type::int2, type::text, type::uuid, type::int8, type::int8, type::boolean, type::text,
        type::bytes, type::boolean}},
      {"erase_messages", erase_messages, {type::uuid, type::int8}},
      {"erase_edits", erase_edits, {type::uuid, type::int8}},
      {"put_records",
       put_records,
       {type::uuid, type::int2, type::text, type::int2, type::int2, type::text, type::int8, type::boolean, type::int8}},
      {"put_members",
       put_members,
       {type::text, type::uuid, type::int2, type::int8, type::int8, type::int8, type::int8, type::int8, type::int8,
        type::int8, type::text}},
      {"raise_positions", raise_positions, {type::text, type::uuid, type::int8, type::int8, type::int8}},
      {"raise_cursors", raise_cursors, {type::text, type::text, type::uuid, type::int8}},
      {"link_files", link_files, {type::uuid, type::uuid}},
      {"look", look, {type::uuid, type::int4, type::int8, type::int4, type::text, type::uuid}},
  };
  return all;
}

std::vector<append_call> calls_of(const append_step& step) {
  if (step.what == append_step::kind::look) return look_at(step);
  auto writes = step.writes;
  std::ranges::sort(writes, {}, [](const conversation_write* one) { return one->conversation; });
  std::vector<append_call> calls;
  add_entries(writes, step.unsure, calls);
  add_erasures(writes, calls);
  add_projection(writes, calls);
  add_positions(writes, calls);
  add_files(writes, calls);
  return calls;
}

} // namespace parley::persistence::postgres
