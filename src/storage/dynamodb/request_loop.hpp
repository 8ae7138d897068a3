// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "storage/outbox/work_loop.hpp"

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

/// The loop of an outbox that also carries requests (port). In tests it is a script, and the test
/// is its thread.
class RequestLoop : public outbox::WorkLoop {
public:
    using Answered = std::move_only_function<void(Result<HttpAnswer>)>;

    /// Sends the request, or queues it behind others; who calls bounds the queue. Once sent it may
    /// have been executed, once or twice, whatever the answer. Errors: `kPeerTimeout`,
    /// `kPeerClosed` (also: never connected), `kMessageTooBig`. Thread: the loop's.
    virtual void send(HttpRequest request, Answered answered) = 0;
};

}  // namespace howl::storage::dynamodb
