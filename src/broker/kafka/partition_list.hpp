// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <librdkafka/rdkafkacpp.h>
#include <string>
#include <vector>

namespace howl::broker::kafka {

/// A list of partitions as librdkafka takes it; owns its entries.
class PartitionList {
public:
    PartitionList() = default;
    ~PartitionList() { RdKafka::TopicPartition::destroy(entries_); }
    PartitionList(const PartitionList&) = delete;
    PartitionList& operator=(const PartitionList&) = delete;

    void add(const std::string& topic, std::int32_t partition,
             std::int64_t offset = RdKafka::Topic::OFFSET_INVALID) {
        entries_.push_back(RdKafka::TopicPartition::create(topic, partition, offset));
    }
    [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }
    [[nodiscard]] std::vector<RdKafka::TopicPartition*>& entries() noexcept { return entries_; }

private:
    std::vector<RdKafka::TopicPartition*> entries_;
};

}  // namespace howl::broker::kafka
