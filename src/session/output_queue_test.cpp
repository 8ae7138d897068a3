// SPDX-License-Identifier: Apache-2.0
#include "session/output_queue.hpp"

#include <array>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace howl::session {
namespace {

using ::testing::ElementsAre;

static_assert(!std::is_copy_constructible_v<OutputQueue>);
static_assert(sizeof(OutputQueue) <= 72, "every idle connection holds one");

std::vector<std::string> gather(const OutputQueue& queue, std::size_t count = 8) {
    std::vector<std::string_view> parts(count);
    std::vector<std::string> out;
    for (const auto part : queue.gather(parts)) {
        out.emplace_back(part);
    }
    return out;
}

TEST(OutputQueue, GathersWhatIsUnsentInItsOrder) {
    OutputQueue queue;
    queue.push(hub::make_frame("one"));
    queue.push(hub::make_frame("two"));
    queue.push(hub::make_frame("three"));
    EXPECT_THAT(gather(queue), ElementsAre("one", "two", "three"));
    EXPECT_THAT(gather(queue, 2), ElementsAre("one", "two"));
    queue.consume(4);
    EXPECT_EQ(queue.front(), "wo");
    EXPECT_THAT(gather(queue), ElementsAre("wo", "three"));
    EXPECT_EQ(queue.bytes(), 7U);
}

TEST(OutputQueue, RewindSendsAFrameThatWasCutFromItsBeginning) {
    OutputQueue queue;
    queue.push(hub::make_frame("one"));
    queue.push(hub::make_frame("two"));
    EXPECT_EQ(queue.rewind(), 0U);
    queue.consume(5);
    EXPECT_EQ(queue.rewind(), 2U);
    EXPECT_THAT(gather(queue), ElementsAre("two"));
    EXPECT_EQ(queue.bytes(), 3U);
}

}  // namespace
}  // namespace howl::session
