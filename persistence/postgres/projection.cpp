#include "persistence/postgres/projection.hpp"

#include "persistence/postgres/append_rows.hpp"

namespace parley::persistence::postgres {

namespace {

const std::string put_record =
    "INSERT INTO conversations (id, kind, title, history, mode, data, created_at, mode_chosen, updated)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    " ON CONFLICT (id) DO UPDATE SET kind = $2, title = $3, history = $4, mode = $5, data = $6, created_at = $7,"
    " mode_chosen = $8, updated = $9";

const std::string put_members =
    "INSERT INTO members AS m (conversation, \"user\", role, joined_seq, left_seq, delivered, read, shown, muted_until,"
    " role_since, earlier) SELECT $1::uuid, w.* FROM unnest($2::text[], $3::smallint[], $4::bigint[], $5::bigint[],"
    " $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::text[]) AS w"
    " ON CONFLICT (\"user\", conversation) DO UPDATE SET role = excluded.role, joined_seq = excluded.joined_seq,"
    " left_seq = excluded.left_seq, delivered = greatest(m.delivered, excluded.delivered),"
    " read = greatest(m.read, excluded.read), shown = greatest(m.shown, excluded.shown),"
    " muted_until = excluded.muted_until, role_since = excluded.role_since, earlier = excluded.earlier";

const std::string raise_positions =
    "UPDATE members m SET delivered = greatest(m.delivered, w.delivered), read = greatest(m.read, w.read),"
    " shown = greatest(m.shown, w.shown)"
    " FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[]) AS w (\"user\", delivered, read, shown)"
    " WHERE m.\"user\" = w.\"user\" AND m.conversation = $1"
    " AND (m.delivered < w.delivered OR m.read < w.read OR m.shown < w.shown)";

const std::string raise_cursors =
    "INSERT INTO cursors AS c (\"user\", device, conversation, seq)"
    " SELECT w.\"user\", w.device, $1::uuid, w.seq FROM unnest($2::text[], $3::text[], $4::bigint[])"
    "  AS w (\"user\", device, seq)"
    " WHERE EXISTS (SELECT 1 FROM devices d WHERE d.\"user\" = w.\"user\" AND d.device = w.device)"
    " ON CONFLICT (\"user\", device, conversation) DO UPDATE SET seq = excluded.seq WHERE c.seq < excluded.seq";

const std::string link_files = "INSERT INTO file_conversations (file, conversation)"
                               " SELECT w.file, $1::uuid FROM unnest($2::uuid[]) AS w (file)"
                               " ON CONFLICT (file, conversation) DO NOTHING";

result<void> put(connection& in, const conversation_record& c) {
  const auto done =
      in.run(put_record, c.id, c.kind, c.title, c.history, c.mode, c.data, c.created_at, c.mode_chosen, c.updated);
  if (!done) return fail(done.error());
  return {};
}

template <class Rows, class Of> array_text column(const Rows& rows, Of of) {
  return array_of(rows, [of](const auto& row) { return std::invoke(of, row.second); });
}

result<void> put(connection& in, const conversation_id& id, const std::vector<std::pair<conversation_id, member>>& of) {
  if (of.empty()) return {};
  const auto done =
      in.run(put_members, id, column(of, &member::user), column(of, &member::role), column(of, &member::joined),
             column(of, &member::left), column(of, &member::delivered), column(of, &member::read),
             column(of, &member::shown), column(of, &member::muted_until), column(of, &member::role_since),
             column(of, [](const member& m) { return to_text(m.earlier); }));
  if (!done) return fail(done.error());
  return {};
}

result<void> raise(connection& in, const conversation_id& id,
                   const std::vector<std::pair<conversation_id, position_update>>& of) {
  if (of.empty()) return {};
  const auto done =
      in.run(raise_positions, id, column(of, &position_update::user), column(of, &position_update::delivered),
             column(of, &position_update::read), column(of, &position_update::shown));
  if (!done) return fail(done.error());
  return {};
}

result<void> raise(connection& in, const conversation_id& id,
                   const std::vector<std::pair<conversation_id, cursor_update>>& of) {
  if (of.empty()) return {};
  const auto done = in.run(raise_cursors, id, column(of, &cursor_update::user), column(of, &cursor_update::device),
                           column(of, &cursor_update::seq));
  if (!done) return fail(done.error());
  return {};
}

} // namespace

result<void> project(connection& in, const conversation_write& write) {
  // One statement may not touch a row twice.
  const append_writes only{&write};
  const auto& id = write.conversation;
  if (write.record) {
    if (auto done = put(in, *write.record); !done) return done;
  }
  if (auto done = put(in, id, member_rows(only)); !done) return done;
  if (auto done = raise(in, id, position_rows(only)); !done) return done;
  if (auto done = raise(in, id, cursor_rows(only)); !done) return done;
  if (!write.files.empty()) {
    if (auto done = in.run(link_files, id, array_of(write.files)); !done) return fail(done.error());
  }
  return {};
}

} // namespace parley::persistence::postgres
