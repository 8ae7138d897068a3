// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/mutex.hpp"
#include "storage/dynamodb/request_loop.hpp"

namespace howl::storage::dynamodb {

/// What happens to a request on its way.
enum class Fault {
    kNone,           ///< It passes; what comes behind it is meant.
    kThrottled,      ///< Refused with the real error body.
    kServerError,    ///< 500, not executed.
    kCutBefore,      ///< The connection ends before the request was taken.
    kAnswerLost,     ///< Executed, but nobody hears of it.
    kExecutedTwice,  ///< As a kept connection that breaks makes a client do.
    kHangs,          ///< Neither executed nor answered, ever.
};

/// Does to requests what a network and a busy DynamoDB do.
/// Thread: `next` any.
class FaultyLoop final : public RequestLoop {
public:
    explicit FaultyLoop(RequestLoop& loop) : loop_(loop) {}

    /// The next request of `operation` that has none yet meets `fault`.
    void next(std::string_view operation, Fault fault) {
        const MutexLock lock{mutex_};
        faults_.emplace_back(operation, fault);
    }
    [[nodiscard]] std::size_t faults_left() {
        const MutexLock lock{mutex_};
        return faults_.size();
    }

    void post(Action action) override { loop_.post(std::move(action)); }
    void after(std::chrono::milliseconds pause, Action action) override {
        loop_.after(pause, std::move(action));
    }
    void send(HttpRequest request, Answered answered) override {
        const auto fault = fault_for(request.operation);
        if (!fault || *fault == Fault::kNone) {
            loop_.send(std::move(request), std::move(answered));
            return;
        }
        switch (*fault) {
            case Fault::kThrottled:
                answer(std::move(answered),
                       HttpAnswer{400, R"({"__type":"com.amazonaws.dynamodb.v20120810#)"
                                       R"(ProvisionedThroughputExceededException",)"
                                       R"("message":"slow down"})"});
                break;
            case Fault::kServerError:
                answer(std::move(answered), HttpAnswer{500, R"({"__type":"InternalServerError"})"});
                break;
            case Fault::kCutBefore:
                answer(std::move(answered), fail(Errc::kPeerClosed, "test"));
                break;
            case Fault::kAnswerLost:
                loop_.send(std::move(request), [answered = std::move(answered)](
                                                   const Result<HttpAnswer>& /*lost*/) mutable {
                    answered(fail(Errc::kPeerTimeout, "test"));
                });
                break;
            case Fault::kExecutedTwice: {
                HttpRequest again = request;
                loop_.send(std::move(request),
                           [this, again = std::move(again), answered = std::move(answered)](
                               const Result<HttpAnswer>& /*lost*/) mutable {
                               loop_.send(std::move(again), std::move(answered));
                           });
                break;
            }
            case Fault::kHangs:
            case Fault::kNone:
                break;
        }
    }

private:
    void answer(Answered answered, Result<HttpAnswer> outcome) {
        loop_.post([answered = std::move(answered), outcome = std::move(outcome)]() mutable {
            answered(std::move(outcome));
        });
    }
    std::optional<Fault> fault_for(std::string_view operation) {
        const MutexLock lock{mutex_};
        for (auto at = faults_.begin(); at != faults_.end(); ++at) {
            if (at->first == operation) {
                const Fault fault = at->second;
                faults_.erase(at);
                return fault;
            }
        }
        return std::nullopt;
    }

    RequestLoop& loop_;
    Mutex mutex_;
    std::deque<std::pair<std::string, Fault>> faults_ HOWL_GUARDED_BY(mutex_);
};

}  // namespace howl::storage::dynamodb
