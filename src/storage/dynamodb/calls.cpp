// SPDX-License-Identifier: Apache-2.0
#include "storage/dynamodb/calls.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "storage/dynamodb/answers.hpp"
#include "telemetry/metrics.hpp"

namespace howl::storage::dynamodb {

namespace json = boost::json;
using std::chrono::milliseconds;
using telemetry::Counter;

struct Calls::Call {
    std::string_view operation;
    std::string body;
    SteadyTime deadline;
    Answered answered;
    std::uint64_t tries = 0;
};

void Calls::make(std::string_view operation, const json::object& body, SteadyTime deadline,
                 Answered answered) {
    attempt(std::make_unique<Call>(
        Call{operation, json::serialize(body), deadline, std::move(answered)}));
}

void Calls::attempt(std::unique_ptr<Call> call) {
    const auto left = std::chrono::ceil<milliseconds>(time_left(call->deadline));
    if (left.count() <= 0) {
        call->answered(fail(Errc::kStorageFailed, "dynamodb",
                            fmt::format("{}: no time was left", call->operation)));
        return;
    }
    telemetry::count(Counter::kDynamoRequests);
    ++call->tries;
    HttpRequest request{call->operation, call->body, std::min(left, settings_.request_time)};
    loop_.send(std::move(request),
               [this, call = std::move(call)](const Result<HttpAnswer>& answer) mutable {
                   take(std::move(call), answer);
               });
}

void Calls::take(std::unique_ptr<Call> call, const Result<HttpAnswer>& answer) {
    auto read = answer ? read_answer(*answer) : std::unexpected(answer.error());
    if (read || !may_be_tried_again(read.error())) {
        call->answered(std::move(read));
        return;
    }
    const auto pause = pause_after(call->tries);
    if (is_over(call->deadline - pause)) {
        call->answered(fail(Errc::kStorageFailed, "dynamodb",
                            fmt::format("{} after {} tries: {}", call->operation, call->tries,
                                        read.error().describe())));
        return;
    }
    telemetry::count(Counter::kDynamoRetries);
    loop_.after(pause, [this, call = std::move(call)]() mutable { attempt(std::move(call)); });
}

milliseconds Calls::pause_after(std::uint64_t tries) {
    constexpr std::uint64_t kDoublingsMax = 10;  // Further ones are over the bound by far.
    const auto bound =
        std::min(kPauseMax, kFirstPauseMax * (1U << std::min(tries - 1, kDoublingsMax)));
    return milliseconds{random_.below(static_cast<std::uint64_t>(bound.count()) + 1)};
}

}  // namespace howl::storage::dynamodb
