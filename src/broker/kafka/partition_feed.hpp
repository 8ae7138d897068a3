// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "broker/kafka/progress_board.hpp"
#include "broker/record.hpp"

namespace howl::broker::kafka {

/// How much of one partition may be read and not stored yet.
struct WorkShare {
    std::size_t records_max = 0;
    std::size_t bytes_max = 0;
};

/// The consumer thread's half of an assigned partition: its records that have arrived, those in
/// work, the stored position. It takes each record once and reports when there are enough.
/// Thread: the consumer's.
class PartitionFeed {
public:
    /// `next`: the stored position; none where Kafka's own offset, or the beginning, decides.
    PartitionFeed(std::optional<std::uint64_t> next, WorkShare share)
        : expected_(next), position_(next), share_(share) {}

    /// Takes a record that came; false if it came before. `end`: one past the partition's last
    /// record, as far as is known. A record before the expected one is a repetition, unless the
    /// partition ends before it: then the topic was recreated.
    [[nodiscard]] bool take(Record record, std::optional<std::uint64_t> end);
    /// The records that have arrived since the last call; from here on they are in work.
    [[nodiscard]] std::vector<Record> hand_over();
    void note(const Progress& progress);

    /// Above its share; below half of it.
    [[nodiscard]] bool has_enough() const noexcept;
    [[nodiscard]] bool wants_more() const noexcept;
    [[nodiscard]] std::size_t in_work() const noexcept { return records_; }
    /// Offset after the last stored record; none while the begin is unknown.
    [[nodiscard]] std::optional<std::uint64_t> position() const noexcept { return position_; }
    /// Offset of the next record that is new.
    [[nodiscard]] std::optional<std::uint64_t> expected() const noexcept { return expected_; }
    /// The position, if it has moved since the last time.
    [[nodiscard]] std::optional<std::uint64_t> take_uncommitted();
    /// Kafka refused the last commit.
    void commit_again() noexcept { committed_.reset(); }

private:
    std::optional<std::uint64_t> expected_;
    std::optional<std::uint64_t> position_;
    std::optional<std::uint64_t> committed_;
    WorkShare share_;
    std::size_t records_ = 0;
    std::size_t bytes_ = 0;
    std::vector<Record> arrived_;
};

}  // namespace howl::broker::kafka
