// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace howl::storage::dynamodb {

/// One HTTP exchange with DynamoDB.
struct HttpRequest {
    std::string_view operation;  ///< `GetItem` and so on, of program text.
    std::string body;
    /// From the first byte sent, the connection included, to the last byte of the answer.
    std::chrono::milliseconds time_max;
};

struct HttpAnswer {
    long status = 0;
    std::string body;
};

/// The one thread on which a store works: what others post, pauses, and answers (port).
///
/// All state of the store belongs to this thread, so none of it has a lock. In tests the loop is a
/// script, and the test is the thread.
class RequestLoop {
public:
    using Action = std::move_only_function<void()>;
    using Answered = std::move_only_function<void(Result<HttpAnswer>)>;

    virtual ~RequestLoop() = default;

    /// Runs `action` on the loop's thread, in the order of the calls.
    /// Thread: any.
    virtual void post(Action action) = 0;
    /// Runs `action` when `pause` is over. Thread: the loop's.
    virtual void after(std::chrono::milliseconds pause, Action action) = 0;
    /// Sends the request, or queues it behind others; who calls bounds the queue. Once sent it may
    /// have been executed, once or twice, whatever the answer. Errors: `kPeerTimeout`,
    /// `kPeerClosed` (also: never connected), `kMessageTooBig`. Thread: the loop's.
    virtual void send(HttpRequest request, Answered answered) = 0;
};

}  // namespace howl::storage::dynamodb
