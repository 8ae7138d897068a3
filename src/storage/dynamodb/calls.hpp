// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include <boost/json/object.hpp>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "storage/dynamodb/request_loop.hpp"
#include "storage/dynamodb/settings.hpp"

namespace howl::storage::dynamodb {

/// A request to DynamoDB, tried again until it is answered or its deadline has come.
///
/// Between two tries it waits a random time below a bound that doubles ("full jitter"), so that
/// those who were throttled together do not come back together. Whoever gets `kStorageFailed` does
/// not know whether the request was executed, and a request may be executed more than once; what
/// must happen once carries a condition and a token.
///
/// Thread: the loop's.
class Calls {
public:
    using Answered = std::move_only_function<void(Result<boost::json::object>)>;

    static constexpr std::chrono::milliseconds kFirstPauseMax{50};
    static constexpr std::chrono::milliseconds kPauseMax{400};

    Calls(RequestLoop& loop, const Clock& clock, Random& random, const DynamoSettings& settings)
        : loop_(loop), clock_(clock), random_(random), settings_(settings) {}

    /// Errors: `kVersionConflict`, `kNotFound`, `kBusy` as `read_answer` says; `kStorageFailed` for
    /// all others, at the deadline at the latest.
    void make(std::string_view operation, const boost::json::object& body, SteadyTime deadline,
              Answered answered);
    /// Of what is begun now.
    [[nodiscard]] SteadyTime deadline() const {
        return clock_.steady_now() + settings_.commit_time;
    }
    [[nodiscard]] SteadyTime::duration time_left(SteadyTime deadline) const {
        return deadline - clock_.steady_now();
    }
    [[nodiscard]] bool is_over(SteadyTime deadline) const {
        return time_left(deadline).count() <= 0;
    }

private:
    struct Call;

    void attempt(std::unique_ptr<Call> call);
    void take(std::unique_ptr<Call> call, const Result<HttpAnswer>& answer);
    /// Before try number `tries` + 1.
    [[nodiscard]] std::chrono::milliseconds pause_after(std::uint64_t tries);

    RequestLoop& loop_;
    const Clock& clock_;
    Random& random_;
    const DynamoSettings& settings_;
};

}  // namespace howl::storage::dynamodb
