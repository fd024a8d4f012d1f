#include "persistence/sqlite/projection.hpp"

#include "persistence/spans.hpp"

namespace parley::persistence::sqlite {

namespace {

constexpr std::string_view put_record =
    "INSERT INTO conversations (id, kind, title, history, mode, data, created_at, mode_chosen, updated)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
    " ON CONFLICT (id) DO UPDATE SET kind = ?2, title = ?3, history = ?4, mode = ?5, data = ?6, created_at = ?7,"
    " mode_chosen = ?8, updated = ?9";

constexpr std::string_view put_member =
    "INSERT INTO members (user, conversation, role, joined_seq, left_seq, delivered, read, shown, muted_until,"
    " role_since, earlier) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
    " ON CONFLICT (user, conversation) DO UPDATE SET role = ?3, joined_seq = ?4, left_seq = ?5,"
    " delivered = max(delivered, ?6), read = max(read, ?7), shown = max(shown, ?8), muted_until = ?9,"
    " role_since = ?10, earlier = ?11";

constexpr std::string_view raise_positions =
    "UPDATE members SET delivered = max(delivered, ?3), read = max(read, ?4), shown = max(shown, ?5) "
    "WHERE user = ?1 AND conversation = ?2 AND (delivered < ?3 OR read < ?4 OR shown < ?5)";

constexpr std::string_view raise_cursor =
    "INSERT INTO cursors (user, device, conversation, seq) "
    "SELECT ?1, ?2, ?3, ?4 WHERE EXISTS (SELECT 1 FROM devices WHERE user = ?1 AND device = ?2) "
    "ON CONFLICT (user, device, conversation) DO UPDATE SET seq = ?4 WHERE seq < ?4";

constexpr std::string_view link_file = "INSERT INTO file_conversations (file, conversation) VALUES (?1, ?2)"
                                       " ON CONFLICT (file, conversation) DO NOTHING";

} // namespace

result<void> project(database& in, const conversation_write& write) {
  const auto& id = write.conversation;
  if (const auto& c = write.record) {
    const auto done = in.run(put_record, c->id, c->kind, c->title, c->history, c->mode, c->data, c->created_at,
                             c->mode_chosen, c->updated);
    if (!done) return fail(done.error());
  }
  for (const auto& m : write.members) {
    const auto done = in.run(put_member, m.user, id, m.role, m.joined, m.left, m.delivered, m.read, m.shown,
                             m.muted_until, m.role_since, to_text(m.earlier));
    if (!done) return fail(done.error());
  }
  for (const auto& p : write.positions) {
    const auto done = in.run(raise_positions, p.user, id, p.delivered, p.read, p.shown);
    if (!done) return fail(done.error());
  }
  for (const auto& c : write.cursors) {
    const auto done = in.run(raise_cursor, c.user, c.device, id, c.seq);
    if (!done) return fail(done.error());
  }
  for (const auto& file : write.files) {
    if (auto done = in.run(link_file, file, id); !done) return fail(done.error());
  }
  return {};
}

} // namespace parley::persistence::sqlite
