#include "actors/recent_authors.hpp"

namespace parley::actors {

namespace {

constexpr std::size_t kept_max = 512;

} // namespace

void recent_authors::remember(const entry& item) {
  kept_.emplace_back(item.seq, item.author);
  if (kept_.size() > kept_max) kept_.pop_front();
}

void recent_authors::find(caf::event_based_actor* self, const node_context& shared, const conversation_id& conversation,
                          const owed_receipt& covered, answer then) const {
  if (!kept_.empty() && kept_.front().first <= covered.from + 1) {
    std::set<user_id> authors;
    for (const auto& [seq, author] : kept_)
      if (seq > covered.from && seq <= covered.to) authors.insert(author);
    return then(authors);
  }
  shared.readers.run(
      self, shared.config.limits.request_age,
      [conversation, from = covered.from, to = covered.to](const stores& s) {
        return s.log->read(conversation, {.after = from, .before = to + 1, .limit = kept_max, .newest = true});
      },
      [then = std::move(then)](const result<std::vector<entry>>& items) {
        if (!items) return;
        std::set<user_id> authors;
        for (const auto& item : *items) authors.insert(item.author);
        then(authors);
      });
}

} // namespace parley::actors
