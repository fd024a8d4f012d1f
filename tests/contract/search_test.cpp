#include <doctest/doctest.h>

#include "tests/contract/backends.hpp"
#include "tests/contract/sample.hpp"

namespace parley::tests {

namespace {

const auto lunch = conversation_number(1);
const auto dinner = conversation_number(2);
using seqs = std::vector<seq_no>;

seqs found(const stores& store, const std::string& text, const user_id& user = ann,
           const std::optional<conversation_id>& in = {}) {
  return seqs_of(store.log->search(user, {.text = text, .conversation = in}).value());
}

/// Says `text` at the end of `lunch`.
seq_no say(const stores& store, const std::string& text, const conversation_id& in = lunch) {
  const auto seq = store.log->load(in).value()->head + 1;
  commit(*store.log, messages(in, seq, 1, {.text = text, .at = moment(static_cast<std::int64_t>(seq))}));
  return seq;
}

void edit(const stores& store, seq_no target, const std::string& text) {
  const auto seq = store.log->load(lunch).value()->head + 1;
  commit(*store.log,
         {.conversation = lunch, .entries = {change(lunch, seq, entry_kind::edited, target, {.text = text})}});
}

void erase(const stores& store, seq_no target) {
  const auto seq = store.log->load(lunch).value()->head + 1;
  commit(*store.log,
         {.conversation = lunch, .entries = {change(lunch, seq, entry_kind::deleted, target)}, .erased = {target}});
}

} // namespace

TEST_CASE_TEMPLATE("search: every word has to occur, in any case and order, as the beginning of a word", Backend,
                   PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  commit(*store.log, founding(lunch, {ann}));
  say(store, "Shall we have lunch at noon?");
  say(store, "No lunch for me; Moonlight dinner!");
  CHECK(found(store, "lunch") == seqs{3, 2});
  CHECK(found(store, "LUNCH noon") == seqs{2});
  CHECK(found(store, "noon lun") == seqs{2});
  CHECK(found(store, "oon").empty());
  CHECK(found(store, "lunch breakfast").empty());
  CHECK(found(store, "light").empty());
  CHECK(found(store, "moonl") == seqs{3});
}

TEST_CASE_TEMPLATE("search: a message comes as it stands in the log", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  commit(*store.log, founding(lunch, {ann}));
  const message_fields fields{.text = "where", .client = client_number(1), .at = moment(7)};
  commit(*store.log, messages(lunch, 2, 1, fields));
  CHECK(store.log->search(ann, {.text = "where"}).value() == std::vector{message(lunch, 2, fields)});
}

TEST_CASE_TEMPLATE("search: what a query contains is never its syntax", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  commit(*store.log, founding(lunch, {ann}));
  say(store, "don't panic");
  say(store, "this OR that");
  say(store, "form: a-b (c) 100% $5");
  CHECK(found(store, "don't") == seqs{2});
  CHECK(found(store, "don't pan") == seqs{2});
  CHECK(found(store, "panic don't") == seqs{2});
  CHECK(found(store, "OR") == seqs{3});
  CHECK(found(store, "AND").empty());
  CHECK(found(store, "NOT panic").empty());
  CHECK(found(store, "form:a-b") == seqs{4});
  CHECK(found(store, "(c)") == seqs{4});
  CHECK(found(store, "a* + ^form \"100") == seqs{4});
  CHECK(found(store, "b-a").empty());
  for (const auto* text : {"", " ", "\"", "*", "'", "--", "…", "()", "NEAR(", "a\\\\", "{", "\"\"\"", "%"}) {
    CAPTURE(text);
    CHECK(store.log->search(ann, {.text = text}));
  }
  CHECK(found(store, "!!! panic …") == seqs{2});
  CHECK(found(store, "!!!").empty());
}

TEST_CASE_TEMPLATE("search: it finds words of any language", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  commit(*store.log, founding(lunch, {ann}));
  say(store, "Привет, МИР! Ältere Straße, ΑΘΗΝΑ");
  say(store, "这家咖啡很好喝");
  say(store, "カフェで会いましょう");
  say(store, "हिन्दी भाषा");
  say(store, "مرحبا، كيف الحال؟");
  say(store, "กินข้าวหรือยัง");
  say(store, "party 🎉🥳 tonight ❤️");
  CHECK(found(store, "привет мир") == seqs{2});
  CHECK(found(store, "ältere") == seqs{2});
  CHECK(found(store, "STRAß") == seqs{2});
  CHECK(found(store, "αθηνα") == seqs{2});
  CHECK(found(store, "咖啡") == seqs{3});
  CHECK(found(store, "好喝 咖啡") == seqs{3});
  CHECK(found(store, "啡咖").empty());
  CHECK(found(store, "会い") == seqs{4});
  CHECK(found(store, "हिन्") == seqs{5});
  CHECK(found(store, "الحال") == seqs{6});
  CHECK(found(store, "كيف ؟") == seqs{6});
  CHECK(found(store, "ข้าว") == seqs{7});
  CHECK(found(store, "🥳") == seqs{8});
  CHECK(found(store, "🎉 party ❤") == seqs{8});
}

TEST_CASE_TEMPLATE("search: only text is searched, not what else a message carries", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  commit(*store.log, founding(lunch, {ann}));
  auto write = messages(lunch, 2, 4);
  write.entries[0].body = R"({"data":{"text":"hidden"}})";
  write.entries[1].body = R"({"text":"a \"quoted\"\nline C:\\path","data":{"text":"hidden"}})";
  write.entries[2].body = R"({"attachments":[{"file":"text"}],"replyTo":1,"mentions":["text"]})";
  write.entries[3].kind = entry_kind::member;
  commit(*store.log, write);
  CHECK(found(store, "hidden").empty());
  CHECK(found(store, "text").empty());
  CHECK(found(store, "quoted line") == seqs{3});
  CHECK(found(store, "nline").empty());
  CHECK(found(store, "c:\\path") == seqs{3});
  CHECK(found(store, "hi").empty());
}

TEST_CASE_TEMPLATE("search: an edit without a text leaves the text as it was", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  commit(*store.log, founding(lunch, {ann}));
  const auto seq = say(store, "apple pie");
  SUBCASE("while nobody searched") {}
  SUBCASE("although somebody searched before") { CHECK(found(store, "apple") == seqs{seq}); }
  auto data_alone = change(lunch, seq + 1, entry_kind::edited, seq);
  data_alone.body = R"({"data":{"a":1}})";
  commit(*store.log, {.conversation = lunch, .entries = {data_alone}});
  CHECK(found(store, "apple") == seqs{seq});
  erase(store, seq);
  CHECK(found(store, "apple").empty());
}

TEST_CASE_TEMPLATE("search: an edited message is found by its latest text", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  commit(*store.log, founding(lunch, {ann}));
  const auto seq = say(store, "apple pie");
  const auto searched_before = [&](const char* text) {
    SUBCASE("while nobody searched") {}
    SUBCASE("although somebody searched before") { CHECK(found(store, text) == seqs{seq}); }
  };
  searched_before("apple");
  edit(store, seq, "banana pie");
  edit(store, seq, "cherry pie");
  CHECK(found(store, "apple").empty());
  CHECK(found(store, "banana").empty());
  CHECK(found(store, "cherry") == seqs{seq});
  CHECK(found(store, "pie") == seqs{seq});
  edit(store, seq, "apple tart");
  CHECK(found(store, "apple") == seqs{seq});
  CHECK(found(store, "cherry").empty());
}

TEST_CASE_TEMPLATE("search: a deleted message is not found", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  commit(*store.log, founding(lunch, {ann}));
  const auto seq = say(store, "secret one");
  say(store, "secret two");
  SUBCASE("deleted before anybody searched") {}
  SUBCASE("deleted after it was found") { CHECK(found(store, "secret") == seqs{3, 2}); }
  SUBCASE("edited since it was found") {
    CHECK(found(store, "secret") == seqs{3, 2});
    edit(store, seq, "secret three");
  }
  SUBCASE("edited and found by that") {
    edit(store, seq, "secret three");
    CHECK(found(store, "three") == seqs{2});
  }
  erase(store, seq);
  CHECK(found(store, "secret") == seqs{3});
  CHECK(found(store, "one").empty());
  CHECK(found(store, "three").empty());
  erase(store, seq); // once more does no harm
  CHECK(found(store, "secret") == seqs{3});
}

TEST_CASE_TEMPLATE("search: the newest by time come first, from all conversations or one", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  commit(*store.log, founding(lunch, {ann, bob}));
  commit(*store.log, founding(dinner, {ann}));
  const auto at = [](std::int64_t time) { return message_fields{.text = "tea", .at = moment(time)}; };
  commit(*store.log, messages(lunch, 2, 1, at(10)));
  commit(*store.log, messages(dinner, 2, 1, at(20)));
  commit(*store.log, messages(lunch, 3, 2, at(30)));
  commit(*store.log, messages(dinner, 3, 1, at(40)));
  const auto places = [&](const search_query& what, const user_id& user = ann) {
    std::vector<std::pair<int, seq_no>> seen;
    const auto messages = store.log->search(user, what).value();
    for (const auto& one : messages) seen.emplace_back(one.conversation.value.bytes.front(), one.seq);
    return seen;
  };
  using expected = std::vector<std::pair<int, seq_no>>;
  CHECK(places({.text = "tea"}) == expected{{2, 3}, {1, 4}, {1, 3}, {2, 2}, {1, 2}});
  CHECK(places({.text = "tea", .limit = 3}) == expected{{2, 3}, {1, 4}, {1, 3}});
  CHECK(places({.text = "tea", .limit = 0}).empty());
  CHECK(places({.text = "tea", .conversation = lunch, .limit = 2}) == expected{{1, 4}, {1, 3}});
  CHECK(places({.text = "tea", .conversation = dinner}) == expected{{2, 3}, {2, 2}});
  CHECK(places({.text = "tea"}, bob) == expected{{1, 4}, {1, 3}, {1, 2}});
  CHECK(places({.text = "tea", .conversation = dinner}, bob).empty());
  CHECK(places({.text = "tea", .conversation = conversation_number(9)}).empty());
  CHECK(places({.text = "tea"}, cy).empty());
}

TEST_CASE_TEMPLATE("search: it sees as much as history shows", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  auto first = founding(lunch, {ann});
  SUBCASE("everything while a member") {}
  SUBCASE("what came since the newest join where the group is so") { first.record->history = history_policy::joined; }
  commit(*store.log, first);
  commit(*store.log, messages(lunch, 2, 3, {.text = "tea"}));
  auto join = messages(lunch, 5, 3, {.text = "tea"});
  join.members = {{.user = bob, .joined = 5}};
  commit(*store.log, join);
  const auto joined = first.record->history == history_policy::joined;
  CHECK(found(store, "tea", bob) == (joined ? seqs{7, 6, 5} : seqs{7, 6, 5, 4, 3, 2}));
  auto leave = messages(lunch, 8, 3, {.text = "tea"});
  leave.members = {{.user = bob, .joined = 5, .left = 8}};
  commit(*store.log, leave);
  CHECK(found(store, "tea", bob) == (joined ? seqs{8, 7, 6, 5} : seqs{8, 7, 6, 5, 4, 3, 2}));
  CHECK(found(store, "tea", bob, lunch) == found(store, "tea", bob));
  CHECK(store.log->search(bob, {.text = "tea", .conversation = lunch, .limit = 2}).value().front().seq == 8);
  CHECK(found(store, "tea", ann).size() == 9);
}

TEST_CASE_TEMPLATE("search: who left finds a message by the text that it had then", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  commit(*store.log, founding(lunch, {ann, bob}));
  for (const auto* text : {"red wine", "red beer", "red rum"}) say(store, text);
  edit(store, 2, "pink wine");
  auto leave = messages(lunch, 6, 1);
  leave.members = {{.user = bob, .joined = 1, .left = 6}};
  commit(*store.log, leave);
  edit(store, 2, "white wine");
  edit(store, 3, "white beer");
  for (const auto& in : {std::optional<conversation_id>{}, std::optional{lunch}}) {
    CHECK(found(store, "white", ann, in) == seqs{3, 2});
    CHECK(found(store, "white", bob, in).empty());
    CHECK(found(store, "red", ann, in) == seqs{4});
    CHECK(found(store, "red", bob, in) == seqs{4, 3});
    CHECK(found(store, "pink", bob, in) == seqs{2});
  }
  erase(store, 3);
  CHECK(found(store, "red", bob) == seqs{4});
}

TEST_CASE_TEMPLATE("search: it sees everything that was written before it", Backend, PARLEY_BACKENDS) {
  const fresh_stores<Backend> store;
  commit(*store.log, founding(lunch, {ann}));
  commit(*store.log, founding(dinner, {ann}));
  commit(*store.log, messages(lunch, 2, 1'800, {.text = "many"}));
  commit(*store.log, messages(dinner, 2, 700, {.text = "many"}));
  CHECK(store.log->search(ann, {.text = "many", .limit = 10'000}).value().size() == 2'500);
  for (seq_no seq = 1'802; seq < 1'830; ++seq) {
    commit(*store.log, messages(lunch, seq, 1, {.text = "more"}));
    CHECK(found(store, "more").front() == seq);
  }
}

} // namespace parley::tests
