// SPDX-License-Identifier: Apache-2.0
#include "products/records.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "products/product_rig_for_test.hpp"

namespace howl::products {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

/// A word; "bad" can't be read.
struct Word {
    std::string word;

    static Result<Word> parse(std::string_view text) {
        return text == "bad" ? fail(Errc::kInvalidJson, "test") : Result<Word>{std::string{text}};
    }
    [[nodiscard]] std::string text() const { return word; }
};

using WordTable = RecordTable<Word>;

std::vector<hub::NewEvent> announcement(std::string text) {
    std::vector<hub::NewEvent> events;
    events.push_back({.topic = *hub::TopicName::parse("words"), .data = std::move(text)});
    return events;
}

void nobody_waits(const Result<hub::Receipts>& /*seen in the tables*/) {}

/// A store whose lists are taken at once and answered later.
class SlowStore final : public hub::Store {
public:
    explicit SlowStore(hub::Store& store) : store_(store) {}

    void answer() { std::exchange(answer_, nullptr)(); }

    void get(hub::RecordKey key, GetDone done) override {
        store_.get(std::move(key), std::move(done));
    }
    void list(Query query, ListDone done) override {
        store_.list(std::move(query), [this, done = std::move(done)](auto listed) mutable {
            answer_ = [done = std::move(done), listed = std::move(listed)]() mutable {
                done(std::move(listed));
            };
        });
    }
    void count(Query query, CountDone done) override {
        store_.count(std::move(query), std::move(done));
    }
    void commit(hub::RecordChange change, hub::AppendBatch batch) override {
        store_.commit(std::move(change), std::move(batch));
    }

private:
    hub::Store& store_;
    std::move_only_function<void()> answer_;
};

/// Two tables of the same kind, as two shards or two nodes would have them.
class RecordTableTest : public testing::Test {
protected:
    RecordTableTest() {
        EXPECT_TRUE(rig.result_of(table->load()));
        EXPECT_TRUE(rig.result_of(other->load()));
    }
    ~RecordTableTest() override { rig.settle(); }

    ProductRig::Pending<Result<void>> begin_put(WordTable& where, std::string id,
                                                std::string word) {
        auto events = announcement(word);
        return rig.begin(
            where.put(std::move(id), "ada", {std::move(word)}, std::move(events), nullptr));
    }
    /// `ok`, or the error's name.
    std::string put(WordTable& where, std::string id, std::string word) {
        const auto outcome = begin_put(where, std::move(id), std::move(word));
        rig.settle();
        return outcome->has_value() ? word_of(**outcome) : "open";
    }
    std::string remove(WordTable& where, std::string id) {
        return word_of(rig.result_of(where.remove(std::move(id), announcement("gone"), nullptr)));
    }
    static std::string word_of(const Result<void>& outcome) {
        return outcome ? "ok" : std::string{outcome.error().entry().name};
    }
    /// `id=word@version`, by id.
    static std::vector<std::string> shown(const WordTable& where) {
        std::vector<std::string> out;
        for (const auto& [id, entry] : where.entries()) {
            out.push_back(id + "=" + entry.value.word + "@" +
                          std::to_string(entry.version.value()));
        }
        return out;
    }
    /// A change that no table makes.
    void commit_past_the_tables(std::string id, std::uint64_t expected, std::string text) {
        rig.memory.commit({{"word", std::move(id)}, Version{expected}, "ada", std::move(text)},
                          {{}, &nobody_waits});
    }

    ProductRig rig;
    std::unique_ptr<WordTable> table = std::make_unique<WordTable>(rig.home(), rig.store, "word");
    std::unique_ptr<WordTable> other =
        std::make_unique<WordTable>(rig.elsewhere(), rig.store, "word");
};

TEST_F(RecordTableTest, SeesItsOwnChangesWhenTheyComplete) {
    EXPECT_EQ(put(*table, "a", "one"), "ok");
    EXPECT_EQ(put(*table, "a", "two"), "ok");
    EXPECT_THAT(shown(*table), ElementsAre("a=two@2"));
    EXPECT_EQ(remove(*table, "a"), "ok");
    EXPECT_THAT(shown(*table), IsEmpty());
}

TEST_F(RecordTableTest, FollowsWhatAnotherTableChanges) {
    EXPECT_EQ(put(*table, "a", "one"), "ok");
    EXPECT_EQ(put(*other, "a", "two"), "ok");
    EXPECT_EQ(put(*table, "a", "three"), "ok");
    EXPECT_THAT(shown(*other), ElementsAre("a=three@3"));
    EXPECT_EQ(remove(*other, "a"), "ok");
    EXPECT_THAT(shown(*table), IsEmpty());
}

TEST_F(RecordTableTest, FollowsWhatNoTableChanges) {
    commit_past_the_tables("a", 0, "one");
    rig.settle();
    EXPECT_THAT(shown(*table), ElementsAre("a=one@1"));
    EXPECT_THAT(shown(*other), ElementsAre("a=one@1"));
}

TEST_F(RecordTableTest, LeavesOtherKindsAlone) {
    rig.memory.commit({{"words", "a"}, Version{0}, "ada", "x"}, {{}, &nobody_waits});
    rig.settle();
    EXPECT_THAT(shown(*table), IsEmpty());
}

TEST_F(RecordTableTest, OfTwoThatChangeTheSameVersionOneWinsAndBothTablesAgree) {
    const auto first = begin_put(*table, "a", "one");
    const auto second = begin_put(*other, "a", "two");
    rig.settle();
    EXPECT_NE(word_of(**first), word_of(**second));
    EXPECT_EQ(shown(*table), shown(*other));
}

TEST_F(RecordTableTest, LeavesOutWhatCannotBeRead) {
    EXPECT_EQ(put(*table, "a", "one"), "ok");
    commit_past_the_tables("a", 1, "bad");
    commit_past_the_tables("b", 0, "two");
    rig.settle();
    EXPECT_THAT(shown(*table), ElementsAre("b=two@1"));
    EXPECT_EQ(put(*table, "a", "mine"), "version_conflict");  // Its id is not free.
}

TEST_F(RecordTableTest, WhatIsChangedWhileItLoadsIsNotLost) {
    commit_past_the_tables("a", 0, "one");
    commit_past_the_tables("b", 0, "two");
    SlowStore slow{rig.memory};
    WordTable late{rig.home(), slow, "word"};
    const auto loaded = rig.begin(late.load());
    rig.settle();
    commit_past_the_tables("a", 1, "three");
    commit_past_the_tables("c", 0, "four");
    rig.memory.commit({{"word", "b"}, Version{1}, "", std::nullopt}, {{}, &nobody_waits});
    rig.settle();
    EXPECT_THAT(shown(late), IsEmpty());
    slow.answer();
    rig.settle();
    EXPECT_TRUE(loaded->has_value());
    EXPECT_THAT(shown(late), ElementsAre("a=three@2", "c=four@1"));
}

// --- A store in doubt ---

TEST_F(RecordTableTest, ADoubtEndsWhenTheLogTellsOfTheChange) {
    rig.store.keeps_back = true;
    rig.store.doubt = 1h;
    const auto outcome = begin_put(*table, "a", "one");
    rig.advance(5s);
    EXPECT_FALSE(outcome->has_value());
    rig.store.land();
    rig.settle();
    EXPECT_EQ(word_of(**outcome), "ok");
    EXPECT_THAT(shown(*table), ElementsAre("a=one@1"));
}

TEST_F(RecordTableTest, ADoubtEndsThoughSomebodyChangesTheRecordBehindIt) {
    rig.store.keeps_back = true;
    rig.store.doubt = 1h;
    const auto outcome = begin_put(*table, "a", "one");
    rig.settle();
    rig.store.keeps_back = false;
    rig.store.land();
    commit_past_the_tables("a", 1, "two");
    rig.settle();
    EXPECT_EQ(word_of(**outcome), "ok");
    EXPECT_THAT(shown(*table), ElementsAre("a=two@2"));
}

TEST_F(RecordTableTest, ADoubtEndsWhenTheStoreIsCertain) {
    rig.store.keeps_back = true;
    rig.store.doubt = 10s;
    const auto outcome = begin_put(*table, "a", "one");
    rig.advance(9s);
    EXPECT_FALSE(outcome->has_value());
    rig.advance(2s);
    EXPECT_EQ(word_of(**outcome), "storage_failed");
    EXPECT_THAT(shown(*table), IsEmpty());
}

}  // namespace
}  // namespace howl::products
