// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <string>
#include <utility>

#include "storage/dynamodb/request_loop.hpp"
#include "storage/outbox/manual_loop_for_test.hpp"

namespace howl::storage::dynamodb {

/// A loop whose answers and time the test gives; the test is its thread.
class ScriptedLoop final : public outbox::ManualLoop<RequestLoop> {
public:
    using outbox::ManualLoop<RequestLoop>::ManualLoop;

    struct Sent {
        HttpRequest request;
        Answered answered;
    };

    void send(HttpRequest request, Answered answered) override {
        sent.push_back({std::move(request), std::move(answered)});
    }

    /// Answers the oldest request that waits.
    void answer(long status, std::string body) { resolve(HttpAnswer{status, std::move(body)}); }
    void fail_with(Errc code) { resolve(fail(code, "test")); }

    std::deque<Sent> sent;  ///< What waits for an answer.

private:
    void resolve(Result<HttpAnswer> outcome) {
        auto oldest = std::move(sent.front());
        sent.pop_front();
        oldest.answered(std::move(outcome));
        run_posted();
    }
};

}  // namespace howl::storage::dynamodb
