#include <utility>

#include "persistence/postgres/stores.hpp"

namespace parley::persistence::postgres {

namespace {

// Each is one statement, so version and nodes are of one moment.
const std::string all_nodes =
    "SELECT v.version, n.id, n.incarnation, n.instance, n.address, n.protocol_min, n.protocol_max, n.state"
    " FROM (SELECT coalesce(max(version), 0) AS version FROM cluster_view) v LEFT JOIN nodes n ON true ORDER BY n.id";
// The rows read are those before the update: a node learns its own beat from nobody.
const std::string raise_beat =
    "WITH raised AS (UPDATE nodes SET beat = beat + 1 WHERE id = $1 AND incarnation = $2 AND state <> 3 RETURNING id)"
    " SELECT v.version, EXISTS (SELECT 1 FROM raised), n.id, n.incarnation,"
    "  n.beat + CASE WHEN n.id IN (SELECT id FROM raised) THEN 1 ELSE 0 END"
    " FROM (SELECT coalesce(max(version), 0) AS version FROM cluster_view) v LEFT JOIN nodes n ON n.state <> 3"
    " ORDER BY n.id";
const std::string first_version = "INSERT INTO cluster_view (version) VALUES (1) ON CONFLICT DO NOTHING";
const std::string next_version = "UPDATE cluster_view SET version = version + 1 WHERE version = $1";
const std::string put_node =
    "INSERT INTO nodes AS n (id, incarnation, instance, address, protocol_min, protocol_max, state, beat)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, 0) ON CONFLICT (id) DO UPDATE SET"
    " beat = CASE WHEN n.incarnation = excluded.incarnation THEN n.beat ELSE 0 END,"
    " incarnation = excluded.incarnation, instance = excluded.instance, address = excluded.address,"
    " protocol_min = excluded.protocol_min, protocol_max = excluded.protocol_max, state = excluded.state";
// Locked, so that it cannot move before the commit.
const std::string still_there = "SELECT 1 FROM nodes WHERE id = $1 AND incarnation = $2 AND beat = $3 FOR UPDATE";
const std::string forget_node = "DELETE FROM nodes WHERE id = $1";

tl::unexpected<error> another_version() { return fail(errc::conflict, "the view has another version"); }

result<void> raise_version(connection& in, std::uint64_t expected) {
  const auto raised = expected == 0 ? in.run(first_version) : in.run(next_version, expected);
  if (!raised) return fail(raised.error());
  if (*raised == 0) return another_version();
  return {};
}

result<void> check_silence(connection& in, const node_beat& seen) {
  const auto read = [](row& row) { return row.take<int>(); };
  const auto found = in.first(still_there, read, seen.node, seen.incarnation, seen.beat);
  if (!found) return fail(found.error());
  if (!*found) return fail(errc::conflict, "a beat has moved");
  return {};
}

result<void> apply(connection& in, const view_change& change) {
  if (auto done = raise_version(in, change.expected); !done) return done;
  for (const auto& seen : change.silent)
    if (auto done = check_silence(in, seen); !done) return done;
  for (const auto& node : change.put) {
    const auto done = in.run(put_node, node.id, node.incarnation, node.instance, node.address, node.protocol_min,
                             node.protocol_max, node.state);
    if (!done) return fail(done.error());
  }
  for (const auto& id : change.forgotten)
    if (auto done = in.run(forget_node, id); !done) return fail(done.error());
  return {};
}

class nodes_in_postgres final : public node_store {
public:
  explicit nodes_in_postgres(std::shared_ptr<pool> to) : to_{std::move(to)} {}

  result<cluster_view> read() override {
    return to_->read([](connection& in) -> result<cluster_view> {
      cluster_view found;
      const auto done = in.each(all_nodes, [&](row& row) {
        found.version = row.take<std::uint64_t>();
        cluster_node node{.id = row.take<node_id>(),
                          .incarnation = row.take<std::uint64_t>(),
                          .instance = row.take<uuid>(),
                          .address = row.take<std::string>(),
                          .protocol_min = row.take<std::uint32_t>(),
                          .protocol_max = row.take<std::uint32_t>(),
                          .state = row.take<node_state>()};
        if (!node.id.value.empty()) found.nodes.push_back(std::move(node));
      });
      if (!done) return fail(done.error());
      return found;
    });
  }

  result<beat_report> beat(const node_id& node, std::uint64_t incarnation) override {
    // Raised twice by a repetition: it has moved, and nothing more is asked of a beat.
    return to_->read([&](connection& in) -> result<beat_report> {
      beat_report report;
      const auto visit = [&](row& row) {
        report.version = row.take<std::uint64_t>();
        report.counted = row.take<bool>();
        node_beat seen{
            .node = row.take<node_id>(), .incarnation = row.take<std::uint64_t>(), .beat = row.take<std::uint64_t>()};
        if (!seen.node.value.empty()) report.beats.push_back(std::move(seen));
      };
      if (const auto done = in.each(raise_beat, visit, node, incarnation); !done) return fail(done.error());
      return report;
    });
  }

  result<void> change(const view_change& change) override {
    return to_->change([&](connection& in) { return apply(in, change); });
  }

private:
  std::shared_ptr<pool> to_;
};

} // namespace

std::shared_ptr<node_store> make_node_store(std::shared_ptr<pool> to) {
  return std::make_shared<nodes_in_postgres>(std::move(to));
}

} // namespace parley::persistence::postgres
