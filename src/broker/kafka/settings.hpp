// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace howl::broker::kafka {

/// What becomes of the records of a Kafka topic.
enum class Flow : std::uint8_t {
    kInbox,    ///< `username:message`, split at the first colon, to `/v3`'s inbox of that user.
    kReports,  ///< `{"id","status"}` to the reports' state machine.
    kTopic,    ///< The value to the Howl topic that `Source::target` names.
};

/// One Kafka topic that Howl reads.
struct Source {
    std::string topic;  ///< Its name in Kafka.
    Flow flow = Flow::kTopic;
    /// Of `kTopic`: the Howl topic; `{key}` in it stands for the record's key.
    std::string target{};
    std::string type{};  ///< Of `kTopic`: the type of the events; empty: `message`.
    /// A Kafka topic for records that can't be read; empty: they are skipped.
    std::string dead_letters{};
};

struct KafkaSettings {
    std::string brokers;  ///< `HOST:PORT,...`; empty: no Kafka.
    std::string group = "howl";
    /// A file of librdkafka's own `name=value` lines: TLS, passwords. Never logged.
    std::string properties_file;
    /// How long a `/v4` PUT waits for the state machine's answer from behind Kafka.
    std::chrono::milliseconds reply_time = std::chrono::seconds{2};
    /// How long the brokers may take to confirm what Howl writes. Reached: `kBrokerUnavailable`.
    std::chrono::milliseconds write_time = std::chrono::seconds{2};
    /// Records read and not yet stored, of all partitions. Reached: reading pauses.
    std::uint64_t records_in_work_max = 20'000;
    /// None given: the two flows of seed document 003.
    std::vector<Source> sources = {{.topic = "v3_messages", .flow = Flow::kInbox},
                                   {.topic = "v4_messages", .flow = Flow::kReports}};
};

}  // namespace howl::broker::kafka
