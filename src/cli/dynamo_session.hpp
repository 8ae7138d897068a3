// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <utility>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "storage/dynamodb/calls.hpp"
#include "storage/dynamodb/curl_loop.hpp"

namespace howl::cli {

/// DynamoDB for a command: one call after the other on the loop's thread, while the command waits.
class DynamoSession {
public:
    /// Errors: those of the credentials and of the loop. `settings` outlives the session.
    [[nodiscard]] static Result<std::unique_ptr<DynamoSession>> open(
        const storage::dynamodb::DynamoSettings& settings);

    [[nodiscard]] storage::dynamodb::Calls& calls() { return *calls_; }
    [[nodiscard]] storage::dynamodb::CurlLoop& loop() { return *loop_; }
    [[nodiscard]] const Clock& clock() const { return clock_; }

    /// Runs `start` on the loop's thread and waits for the result that its `done` gets. When this
    /// returns the thread has left the object that called `done`, which may be destroyed then.
    template <class T>
    [[nodiscard]] Result<T> wait_for(
        std::function<void(std::move_only_function<void(Result<T>)> done)> start) {
        std::promise<Result<T>> promise;
        auto answer = promise.get_future();
        loop_->post([start = std::move(start), promise = std::move(promise)]() mutable {
            start([promise = std::move(promise)](Result<T> outcome) mutable {
                promise.set_value(std::move(outcome));
            });
        });
        auto outcome = answer.get();
        wait_for_turn();
        return outcome;
    }

private:
    DynamoSession() = default;
    /// Waits until the loop's thread has finished its present turn.
    void wait_for_turn();

    const SystemClock clock_{};
    SystemRandom random_;
    std::optional<storage::dynamodb::Calls> calls_;      ///< Of `loop_`.
    std::unique_ptr<storage::dynamodb::CurlLoop> loop_;  ///< Its thread ends before `calls_` goes.
};

}  // namespace howl::cli
