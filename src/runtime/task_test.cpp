// SPDX-License-Identifier: Apache-2.0
#include "runtime/task.hpp"

#include <memory>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "base/result.hpp"
#include "runtime/task_group.hpp"

namespace howl::runtime {
namespace {

/// Move-only, as a coroutine's result may be.
Task<Result<std::unique_ptr<int>>> half_of(int number) {
    if (number % 2 != 0) {
        co_return fail(Errc::kBadRequest, "halve", std::to_string(number));
    }
    co_return std::make_unique<int>(number / 2);
}

Task<Result<int>> quarter_of(int number) {
    HOWL_CO_TRY(half, co_await half_of(number));
    HOWL_CO_TRY_VOID(co_await half_of(*half));
    HOWL_CO_TRY(quarter, co_await half_of(*half));
    co_return *quarter;
}

Task<void> keep(Task<Result<int>> task, std::optional<Result<int>>& outcome) {
    outcome.emplace(co_await std::move(task));
}

Result<int> outcome_of(Task<Result<int>> task) {
    boost::asio::io_context io{1};
    TaskGroup tasks{io};
    std::optional<Result<int>> outcome;
    tasks.spawn("test", keep(std::move(task), outcome));
    io.poll();
    return outcome.value();
}

TEST(CoTry, BindsAValueAndPassesTheFirstErrorOn) {
    EXPECT_EQ(outcome_of(quarter_of(12)), 3);
    EXPECT_EQ(outcome_of(quarter_of(7)).error().detail, "7");
    EXPECT_EQ(outcome_of(quarter_of(6)).error().detail, "3");
}

}  // namespace
}  // namespace howl::runtime
