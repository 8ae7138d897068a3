// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "storage/dynamodb/request_loop.hpp"

namespace howl::storage::dynamodb {

/// A loop whose answers and time the test gives; the test is its thread.
class ScriptedLoop final : public RequestLoop {
public:
    explicit ScriptedLoop(ManualClock& clock) : clock_(clock) {}

    struct Sent {
        HttpRequest request;
        Answered answered;
    };

    void post(Action action) override { posted_.push_back(std::move(action)); }
    void after(std::chrono::milliseconds pause, Action action) override {
        pauses.push_back(pause);
        timers_.emplace(clock_.steady_now() + pause, std::move(action));
    }
    void send(HttpRequest request, Answered answered) override {
        sent.push_back({std::move(request), std::move(answered)});
    }

    /// Answers the oldest request that waits.
    void answer(long status, std::string body) { resolve(HttpAnswer{status, std::move(body)}); }
    void fail_with(Errc code) { resolve(fail(code, "test")); }
    /// Lets time pass, timer by timer.
    void advance(std::chrono::milliseconds by) {
        const auto end = clock_.steady_now() + by;
        run_posted();
        while (!timers_.empty() && timers_.begin()->first <= end) {
            auto due = timers_.extract(timers_.begin());
            clock_.advance(std::chrono::ceil<std::chrono::milliseconds>(
                std::max(due.key(), clock_.steady_now()) - clock_.steady_now()));
            due.mapped()();
            run_posted();
        }
        clock_.advance(std::chrono::ceil<std::chrono::milliseconds>(end - clock_.steady_now()));
    }
    void run_posted() {
        while (!posted_.empty()) {
            auto action = std::move(posted_.front());
            posted_.pop_front();
            action();
        }
    }

    std::deque<Sent> sent;  ///< What waits for an answer.
    std::vector<std::chrono::milliseconds> pauses;

private:
    void resolve(Result<HttpAnswer> outcome) {
        auto oldest = std::move(sent.front());
        sent.pop_front();
        oldest.answered(std::move(outcome));
        run_posted();
    }

    ManualClock& clock_;
    std::deque<Action> posted_;
    std::multimap<SteadyTime, Action> timers_;
};

}  // namespace howl::storage::dynamodb
