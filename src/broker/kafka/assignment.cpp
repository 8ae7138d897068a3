// SPDX-License-Identifier: Apache-2.0
#include "broker/kafka/assignment.hpp"

#include <algorithm>
#include <utility>

#include "telemetry/metrics.hpp"

namespace howl::broker::kafka {

using telemetry::Gauge;

Assignment::~Assignment() {
    clear();
}

void Assignment::add(const PartitionId& id, Assigned assigned) {
    telemetry::adjust(Gauge::kKafkaPartitions, 1);
    ++working_;
    shards_.post(assigned.shard, [worker = assigned.worker] { PartitionWorker::start(worker); });
    partitions_.insert_or_assign(id, std::move(assigned));
}

Assignment::Assigned* Assignment::find(const PartitionId& id) {
    const auto found = partitions_.find(id);
    return found == partitions_.end() ? nullptr : &found->second;
}

void Assignment::hand_over() {
    for (auto& [id, assigned] : partitions_) {
        auto records = assigned.feed.hand_over();
        if (!records.empty()) {
            telemetry::adjust(Gauge::kKafkaInWork, static_cast<std::int64_t>(records.size()));
            shards_.post(assigned.shard,
                         [worker = assigned.worker, records = std::move(records)]() mutable {
                             worker->add(std::move(records));
                         });
        }
    }
}

void Assignment::note(const std::vector<Progress>& reports) {
    for (const auto& progress : reports) {
        const auto found = std::ranges::find_if(partitions_, [&](const auto& entry) {
            return entry.second.worker_number == progress.worker;
        });
        if (found == partitions_.end()) {
            continue;  // It belongs to an assignment that has ended.
        }
        if (progress.ended) {
            --working_;
        } else {
            found->second.feed.note(progress);
            telemetry::adjust(Gauge::kKafkaInWork, -static_cast<std::int64_t>(progress.records));
        }
    }
}

void Assignment::close_workers(ProgressBoard& board, std::chrono::milliseconds at_most) {
    for (auto& [id, assigned] : partitions_) {
        // The shard has the last reference: a worker is destroyed where its timers are.
        shards_.post(assigned.shard,
                     [worker = std::exchange(assigned.worker, nullptr)] { worker->close(); });
    }
    const auto deadline = std::chrono::steady_clock::now() + at_most;
    for (auto left = at_most; working_ > 0 && left.count() > 0;) {
        note(board.take(left));
        left = std::chrono::ceil<std::chrono::milliseconds>(deadline -
                                                            std::chrono::steady_clock::now());
    }
}

void Assignment::clear() {
    for (auto& [id, assigned] : partitions_) {
        telemetry::adjust(Gauge::kKafkaPartitions, -1);
        telemetry::adjust(Gauge::kKafkaInWork, -static_cast<std::int64_t>(assigned.feed.in_work()));
    }
    partitions_.clear();
    working_ = 0;
}

}  // namespace howl::broker::kafka
