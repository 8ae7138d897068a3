// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace howl::broker::kafka {

/// The flow that takes the value to the Howl topic that `Source::target` names.
inline constexpr std::string_view kTopicFlow = "topic";

/// Where Howl begins in a partition in which it has no checkpoint yet. Once it has one, that
/// decides.
struct Begin {
    enum class At : std::uint8_t {
        kStored,     ///< At what the group has committed in Kafka; without that as `kEnd`.
        kEnd,        ///< With what comes from the takeover on.
        kBeginning,  ///< With the oldest record that there is.
        kTime,       ///< With the first record that is not older than `time`.
    } at = At::kStored;
    WallTime time{};  ///< Of `kTime`.
    [[nodiscard]] bool operator==(const Begin&) const = default;
};

/// One Kafka topic that Howl reads.
struct Source {
    std::string topic;  ///< Its name in Kafka.
    /// What becomes of its records: `kTopicFlow`, or a flow of a product.
    std::string flow{kTopicFlow};
    /// Of `kTopicFlow`: the Howl topic; `{key}` in it stands for the record's key.
    std::string target{};
    std::string type{};  ///< Of `kTopicFlow`: the type of the events; empty: `message`.
    /// A Kafka topic for records that can't be read; empty: they are skipped.
    std::string dead_letters{};
    Begin begin{};
};

struct KafkaSettings {
    std::string brokers;  ///< `HOST:PORT,...`; empty: no Kafka.
    std::string group = "howl";
    /// A file of librdkafka's own `name=value` lines: TLS, passwords. Never logged.
    std::string properties_file;
    /// How long a `/v4` PUT waits for the state machine's answer, which comes through Kafka.
    std::chrono::milliseconds reply_time = std::chrono::seconds{2};
    /// How long the brokers may take to confirm what Howl writes. Reached: `kBrokerUnavailable`.
    std::chrono::milliseconds write_time = std::chrono::seconds{2};
    /// Records read and not yet stored, of all partitions. Reached: reading pauses.
    std::uint64_t records_in_work_max = 20'000;
    std::vector<Source> sources{};
};

/// Checks all that librdkafka would refuse, and the operator's properties file.
/// Errors: `kInvalidConfig` and those of `read_file`; no value is ever in them.
[[nodiscard]] Result<void> check_clients(const KafkaSettings& settings);

}  // namespace howl::broker::kafka
