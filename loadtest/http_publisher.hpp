// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "base/mutex.hpp"
#include "base/result.hpp"
#include "loadtest/descriptor.hpp"
#include "loadtest/endpoint.hpp"
#include "loadtest/event_source.hpp"

namespace howl::loadtest {

/// The request that publishes `body` to `topic`.
[[nodiscard]] std::string publish_request(const Endpoint& endpoint, std::string_view topic,
                                          std::string_view body);

struct HttpReply {
    unsigned status = 0;
    std::string body;
};

/// One keep-alive connection, a request at a time. Blocks, 10 s at most for each step.
class HttpConnection {
public:
    [[nodiscard]] static Result<HttpConnection> connect(const Endpoint& endpoint);

    /// Sends `request` as it is; completes with the whole response.
    [[nodiscard]] Result<HttpReply> exchange(std::string_view request);

private:
    explicit HttpConnection(Descriptor socket) : socket_(std::move(socket)) {}

    [[nodiscard]] Result<void> send_all(std::string_view bytes);
    [[nodiscard]] Result<void> receive();

    Descriptor socket_;
    std::string received_;
};

/// The value of a counter on the server's /metrics; nothing when it has none of that name.
[[nodiscard]] std::optional<double> read_metric(const Endpoint& endpoint, std::string_view name);
/// The same in the text of /metrics (Prometheus exposition format 0.0.4).
[[nodiscard]] std::optional<double> find_metric(std::string_view text, std::string_view name);

/// Publishes to one topic, an event at a time.
class HttpPublisher {
public:
    [[nodiscard]] static Result<HttpPublisher> connect(const Endpoint& endpoint, std::string topic);

    /// Completes when the server has acknowledged the event with 201.
    [[nodiscard]] Result<void> publish(std::string_view body);

private:
    HttpPublisher(HttpConnection connection, Endpoint endpoint, std::string topic);

    HttpConnection connection_;
    Endpoint endpoint_;
    std::string topic_;
};

/// Publishes plans through the server on a thread of its own, so that the rate doesn't depend on
/// how busy the readers are.
/// Thread: the public methods belong to the thread that made it.
class HttpEventSource final : public EventSource {
public:
    explicit HttpEventSource(HttpPublisher publisher) : publisher_(std::move(publisher)) {}

    [[nodiscard]] Result<void> start(const SendPlan& plan) override;
    [[nodiscard]] bool done() override { return done_.load(std::memory_order_acquire); }
    [[nodiscard]] std::uint64_t sent() const override {
        return sent_.load(std::memory_order_relaxed);
    }
    void stop() override { thread_.request_stop(); }
    [[nodiscard]] std::string failure() const override;

private:
    void run(const std::stop_token& stop, const SendPlan& plan);

    // Shared with the thread.
    HttpPublisher publisher_;  ///< The thread's while it runs.
    std::atomic<bool> done_{true};
    std::atomic<std::uint64_t> sent_{0};
    mutable Mutex mutex_;
    std::string failure_ HOWL_GUARDED_BY(mutex_);

    std::jthread thread_;  // Last, so that it ends first.
};

}  // namespace howl::loadtest
