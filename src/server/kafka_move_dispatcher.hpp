// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/mutex.hpp"
#include "broker/kafka/producer.hpp"
#include "products/reports/move_dispatcher.hpp"

namespace howl::server {

/// The headers of a record that comes from a `/v4` PUT.
inline constexpr std::string_view kRequestHeader = "howl-request";  ///< Process and number.
inline constexpr std::string_view kUserHeader = "howl-by";          ///< Who wants the move.

/// The way of a `/v4` PUT through Kafka: written to the reports' topic as the original wrote it,
/// then waited for until the own consumer has seen it through.
///
/// ```
///   PUT --> send --> v4_messages --> KafkaReportsFlow --> settle --> the reply to the PUT
/// ```
///
/// Thread: any; the questions that wait are guarded by a mutex.
/// Limits: one question for each request under way, so as many as there are connections.
class KafkaMoveDispatcher final : public products::reports::MoveDispatcher {
public:
    /// `process` names this process among all that write to the topic. `is_read` tells, on any
    /// thread, whether the own consumer will read what is written now.
    KafkaMoveDispatcher(broker::kafka::Producer& producer, std::string topic, std::string process,
                        std::chrono::milliseconds reply_time, std::function<bool()> is_read);
    ~KafkaMoveDispatcher() override;

    /// Errors: also `kOverloaded` and `kDraining`, the producer's; `kBrokerUnavailable` while it is
    /// not read.
    [[nodiscard]] runtime::Task<Result<Progress>> send(
        hub::Hub& hub, products::reports::ReportsApp::MoveRequest request) override;

    /// Answers the question that `request` names; nothing happens if it is another process's, or
    /// nobody waits any more.
    void settle(std::string_view request, Result<Progress> progress);

private:
    class Question;

    [[nodiscard]] std::uint64_t enter(std::shared_ptr<Question> question);
    [[nodiscard]] std::shared_ptr<Question> take(std::uint64_t number);

    // Constant after construction.
    broker::kafka::Producer& producer_;
    const std::string topic_;
    const std::string process_;
    const std::chrono::milliseconds reply_time_;
    const std::function<bool()> is_read_;
    Mutex mutex_;
    std::uint64_t last_number_ HOWL_GUARDED_BY(mutex_) = 0;
    std::unordered_map<std::uint64_t, std::shared_ptr<Question>> questions_ HOWL_GUARDED_BY(mutex_);
};

}  // namespace howl::server
