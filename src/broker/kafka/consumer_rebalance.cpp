// SPDX-License-Identifier: Apache-2.0
// The part of the consumer's thread that handles a rebalance.
#include <algorithm>
#include <future>
#include <utility>

#include "broker/kafka/consumer_client.hpp"
#include "broker/kafka/partition_list.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

namespace howl::broker::kafka {

void Consumer::Client::rebalance_cb(RdKafka::KafkaConsumer* consumer, RdKafka::ErrorCode code,
                                    std::vector<RdKafka::TopicPartition*>& partitions) {
    if (code == RdKafka::ERR__ASSIGN_PARTITIONS) {
        consumer->assign(assign(partitions));
    } else {
        revoke();
        consumer->unassign();
    }
}

std::vector<RdKafka::TopicPartition*> Consumer::Client::assign(
    const std::vector<RdKafka::TopicPartition*>& partitions) {
    revoke();  // Does nothing, unless librdkafka assigned twice without a revocation.
    const auto cluster_id = partitions.empty() ? std::nullopt : cluster();
    if (!cluster_id) {
        return {};
    }
    while (!try_note_takeovers()) {
        if (stopped_.stop_requested()) {
            return {};
        }
        wait(kAskTime);
    }
    const WorkShare share{std::max<std::size_t>(records_in_work_max_ / partitions.size(), 1),
                          kBytesInWorkMax / partitions.size()};
    std::vector<RdKafka::TopicPartition*> read;
    for (auto* partition : partitions) {
        const auto offset = begin({partition->topic(), partition->partition()}, *cluster_id, share);
        if (offset) {
            partition->set_offset(*offset);
            read.push_back(partition);
        } else if (offset.error().code == Errc::kDamaged) {
            telemetry::log_error("kafka: a partition is not read; see: howl store check",
                                 {{"topic", partition->topic()},
                                  {"partition", partition->partition()},
                                  {"why", offset.error().describe()}});
        } else {
            return read;
        }
    }
    telemetry::log_info("kafka: partitions assigned", {{"partitions", read.size()}});
    return read;
}

Result<std::int64_t> Consumer::Client::begin(const PartitionId& id, const std::string& cluster_id,
                                             WorkShare share) {
    auto key = checkpoint_key(cluster_id, id.topic, id.number);
    HOWL_TRY(stored, checkpoint_at(key));
    HOWL_TRY(start, stored.exists() ? start_at(static_cast<std::int64_t>(stored.checkpoint.next))
                                    : start_of(id));
    assignment_.add(id, assigned_of(id, std::move(key), std::move(stored), start, share));
    return start.offset;
}

Assignment::Assigned Consumer::Client::assigned_of(const PartitionId& id, hub::RecordKey key,
                                                   StoredCheckpoint stored, Start start,
                                                   WorkShare share) {
    const auto& hubs = dependencies_.hubs;
    // Offset by the source, so that topics with one partition are not all on the first shard.
    const auto route = route_of(id);
    const auto spread =
        static_cast<std::size_t>(route - routes_.begin()) + static_cast<std::size_t>(id.number);
    hub::Hub& hub = *hubs[spread % hubs.size()];
    const auto number = ++last_worker_;
    PartitionWorker::Sinks sinks{
        .send =
            [&producer = dependencies_.producer](runtime::Shard& shard,
                                                 std::vector<OutRecord> records) {
                return producer.send_all(shard, std::move(records));
            },
        .dead_letters = route->source.dead_letters,
        .on_done =
            [board = board_, number](PartitionWorker::Done done) {
                board->report({number, done.next, done.records, done.bytes, false});
            },
        .on_end = [board = board_, number] { board->report({.worker = number, .ended = true}); }};
    auto worker = std::make_shared<PartitionWorker>(
        hub, route->flow, PartitionWorker::Partition{id.topic, id.number, start.checkpoint},
        CheckpointStore{hub, dependencies_.store, std::move(key), std::move(stored)},
        std::move(sinks));
    return {PartitionFeed{start.checkpoint, share}, hub.shard_id(), number, std::move(worker)};
}

std::vector<Consumer::Route>::const_iterator Consumer::Client::route_of(
    const PartitionId& id) const {
    return std::ranges::find(routes_, id.topic, [](const Route& each) -> const std::string& {
        return each.source.topic;
    });
}

void Consumer::Client::revoke() {
    if (assignment_.all().empty()) {
        return;
    }
    assignment_.note(board_->take());
    assignment_.close_workers(*board_, kRevokeTime);
    commit_offsets();
    resume_paused();
    telemetry::log_info("kafka: partitions given back", {{"partitions", assignment_.all().size()}});
    assignment_.clear();
    show_lag(0);
    some_paused_ = false;
}

/// In librdkafka a pause belongs to the partition, not to the assignment: it would outlast the
/// assignment, and a consumer that gets the partition again would read nothing.
void Consumer::Client::resume_paused() {
    PartitionList paused;
    for (const auto& [id, assigned] : assignment_.all()) {
        if (assigned.paused) {
            paused.add(id.topic, id.number);
        }
    }
    if (!paused.empty()) {
        consumer_->resume(paused.entries());
    }
}

/// Nothing where the server stops before a broker has answered.
std::optional<std::string> Consumer::Client::cluster() {
    while (!stopped_.stop_requested()) {
        if (auto id = consumer_->clusterid(static_cast<int>(kAskTime.count())); !id.empty()) {
            return id;
        }
        wait(kAskTime);
    }
    return std::nullopt;
}

/// Asks until the store answers.
Result<StoredCheckpoint> Consumer::Client::checkpoint_at(const hub::RecordKey& key) {
    bool logged = false;
    while (!stopped_.stop_requested()) {
        const auto answer = std::make_shared<std::promise<Result<std::optional<hub::Record>>>>();
        dependencies_.store.get(key,
                                [answer](auto record) { answer->set_value(std::move(record)); });
        auto stored = stored_checkpoint_of(answer->get_future().get());
        if (stored || stored.error().code == Errc::kDamaged) {
            return stored;
        }
        telemetry::count(stored.error().code);
        if (!std::exchange(logged, true)) {
            telemetry::log_warning("kafka: a checkpoint can't be read; trying for ever",
                                   {{"checkpoint", key.id}, {"why", stored.error().describe()}});
        }
        wait(kAskTime);
    }
    return fail(Errc::kDraining, "read a checkpoint in kafka");
}

void Consumer::Client::wait(std::chrono::milliseconds time) {
    const std::stop_callback on_stop{stopped_, [this] {
                                         const MutexLock lock{mutex_};
                                         waiting_.notify_all();
                                     }};
    const auto deadline = std::chrono::steady_clock::now() + time;
    const MutexLock lock{mutex_};
    while (!stopped_.stop_requested() && waiting_.wait_until(mutex_, deadline)) {
    }
}

}  // namespace howl::broker::kafka
