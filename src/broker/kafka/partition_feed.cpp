// SPDX-License-Identifier: Apache-2.0
#include "broker/kafka/partition_feed.hpp"

namespace howl::broker::kafka {

bool PartitionFeed::take(Record record, std::optional<std::uint64_t> end) {
    if (expected_ && record.offset < *expected_) {
        if (!end || *end >= *expected_) {
            return false;
        }
        record.stream = Stream::kAnew;
    }
    if (!position_) {
        position_ = record.offset;
    }
    expected_ = record.offset + 1;
    ++records_;
    bytes_ += record.bytes();
    arrived_.push_back(std::move(record));
    return true;
}

std::vector<Record> PartitionFeed::hand_over() {
    return std::exchange(arrived_, {});
}

void PartitionFeed::note(const Progress& progress) {
    records_ -= progress.records;
    bytes_ -= progress.bytes;
    position_ = progress.next;
}

bool PartitionFeed::has_enough() const noexcept {
    return records_ >= share_.records_max || bytes_ >= share_.bytes_max;
}

bool PartitionFeed::wants_more() const noexcept {
    return records_ <= share_.records_max / 2 && bytes_ <= share_.bytes_max / 2;
}

std::optional<std::uint64_t> PartitionFeed::take_uncommitted() {
    if (position_ == committed_) {
        return std::nullopt;
    }
    committed_ = position_;
    return position_;
}

}  // namespace howl::broker::kafka
