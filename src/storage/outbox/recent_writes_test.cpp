// SPDX-License-Identifier: Apache-2.0
#include "storage/outbox/recent_writes.hpp"

#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace howl::storage::outbox {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::chrono_literals;

hub::Record record(std::string id, std::uint64_t version, std::string owner = "ada") {
    return {{"thing", std::move(id)}, std::move(owner), Version{version}, "x"};
}

class RecentWritesTest : public testing::Test {
protected:
    void note(const hub::Record& written) { recent_writes.note(written.key, written); }
    /// What a list shows of ada's, as `id:version`, when the index answers with `listed`.
    std::vector<std::string> shown(const std::vector<hub::Record>& listed) {
        std::map<std::string, hub::Record> records;
        for (const auto& one : listed) {
            records.emplace(one.key.id, one);
        }
        recent_writes.correct({"thing", "ada"}, records);
        std::vector<std::string> out;
        for (const auto& [id, one] : records) {
            out.push_back(id + ":" + std::to_string(one.version.value()));
        }
        return out;
    }

    ManualClock clock;
    RecentWrites recent_writes{clock, {.age_max = 1min, .count_max = 3, .bytes_max = 1000}};
};

TEST_F(RecentWritesTest, AddsWhatTheIndexDoesNotShowYet) {
    note(record("b", 1));
    EXPECT_THAT(shown({record("a", 1), record("c", 4)}), ElementsAre("a:1", "b:1", "c:4"));
}

TEST_F(RecentWritesTest, TheNewerVersionCounts) {
    note(record("a", 2));
    EXPECT_THAT(shown({record("a", 1)}), ElementsAre("a:2"));
    EXPECT_THAT(shown({record("a", 3)}), ElementsAre("a:3"));
}

TEST_F(RecentWritesTest, TakesAwayWhatWasRemovedOrHasAnotherOwner) {
    recent_writes.note({"thing", "a"}, std::nullopt);
    note(record("b", 2, "bob"));
    EXPECT_THAT(shown({record("a", 1), record("b", 1)}), IsEmpty());
}

TEST_F(RecentWritesTest, LeavesOtherKindsAlone) {
    recent_writes.note({"thin", "a"}, std::nullopt);
    recent_writes.note({"things", "a"}, record("a", 1));
    EXPECT_THAT(shown({record("a", 1)}), ElementsAre("a:1"));
}

TEST_F(RecentWritesTest, ForgetsTheOldest) {
    note(record("a", 1));
    clock.advance(30s);
    note(record("b", 1));
    clock.advance(31s);
    EXPECT_THAT(shown({}), ElementsAre("b:1"));
    note(record("c", 1));
    note(record("d", 1));
    note(record("b", 2));
    note(record("e", 1));
    EXPECT_THAT(shown({}), ElementsAre("b:2", "d:1", "e:1"));
    auto large = record("f", 1);
    large.data = std::string(990, 'x');
    note(large);
    EXPECT_THAT(shown({}), ElementsAre("f:1"));
}

}  // namespace
}  // namespace howl::storage::outbox
