// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/mutex.hpp"
#include "broker/flow.hpp"
#include "compat/reports/move_dispatcher.hpp"

namespace howl::compat::reports {

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
class KafkaMoveDispatcher final : public MoveDispatcher {
public:
    /// `process` names this process among all that write to the topic of `source`.
    KafkaMoveDispatcher(broker::SourceLink source, std::string process);
    ~KafkaMoveDispatcher() override;

    /// Errors: also `kOverloaded` and `kDraining`, the producer's; `kBrokerUnavailable` while it is
    /// not read.
    [[nodiscard]] runtime::Task<Result<Progress>> send(hub::Hub& hub,
                                                       ReportsApp::MoveRequest request) override;

    /// Answers the question that `request` names; nothing happens if it is another process's, or
    /// nobody waits any more.
    void settle(std::string_view request, Result<Progress> progress);

private:
    class Question;

    [[nodiscard]] std::uint64_t enter(std::shared_ptr<Question> question);
    [[nodiscard]] std::shared_ptr<Question> take(std::uint64_t number);

    // Constant after construction.
    const broker::SourceLink source_;
    const std::string process_;
    Mutex mutex_;
    std::uint64_t last_number_ HOWL_GUARDED_BY(mutex_) = 0;
    std::unordered_map<std::uint64_t, std::shared_ptr<Question>> questions_ HOWL_GUARDED_BY(mutex_);
};

}  // namespace howl::compat::reports
