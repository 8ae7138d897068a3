// SPDX-License-Identifier: Apache-2.0
#include "broker/kafka/partition_worker.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

namespace howl::broker::kafka {

using runtime::Task;
using telemetry::Counter;

PartitionWorker::PartitionWorker(hub::Hub& hub, RecordFlow& flow, Partition partition,
                                 CheckpointStore checkpoint, Sinks sinks)
    : hub_(hub),
      flow_(flow),
      partition_(std::move(partition)),
      sinks_(std::move(sinks)),
      checkpoint_(std::move(checkpoint)),
      arrived_(hub.shard()),
      pause_(hub.shard()) {}

void PartitionWorker::start(const std::shared_ptr<PartitionWorker>& worker) {
    worker->hub_.shard().tasks().spawn("kafka partition", run(worker));
}

void PartitionWorker::add(std::vector<Record> records) {
    here_.check();
    if (!closed_) {
        std::ranges::move(records, std::back_inserter(waiting_));
        arrived_.wake();
    }
}

void PartitionWorker::close() {
    here_.check();
    closed_ = true;
    arrived_.wake();
    pause_.wake();
}

Task<void> PartitionWorker::run(std::shared_ptr<PartitionWorker> self) {
    bool open = co_await self->store_begin();
    while (open && co_await self->next_range()) {
        open = co_await self->store_range();
    }
    self->sinks_.on_end();
}

Task<bool> PartitionWorker::next_range() {
    here_.check();
    while (!closed_ && waiting_.empty()) {
        co_await arrived_.wait();
    }
    range_.clear();
    std::size_t bytes = 0;
    while (!closed_ && !waiting_.empty() && range_.size() < kRecordsPerCommitMax &&
           bytes < kBytesPerCommitMax) {
        if (waiting_.front().stream == Stream::kAnew && !range_.empty()) {
            break;  // It begins a new range, with a new checkpoint.
        }
        bytes += waiting_.front().bytes();
        range_.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    }
    co_return !range_.empty();
}

Task<bool> PartitionWorker::store_range() {
    BatchResult batch_result;
    bool open = co_await ensure_checkpoint();
    open = open && co_await gather(batch_result);
    open = open && co_await send_dead_letters(std::move(batch_result.dead));
    open = open && co_await commit(batch_result);
    open = open && co_await publish(std::move(batch_result.volatile_events));
    if (open) {
        report_done();
    }
    co_return open;
}

/// The incarnation has to be stored before an effect is stored under it.
Task<bool> PartitionWorker::ensure_checkpoint() {
    if (range_.front().stream == Stream::kAnew || !checkpoint_.exists()) {
        co_return co_await begin_at(range_.front().offset);
    }
    co_return true;
}

Task<bool> PartitionWorker::store_begin() {
    if (partition_.begin && !checkpoint_.exists()) {
        co_return co_await begin_at(*partition_.begin);
    }
    co_return true;
}

Task<bool> PartitionWorker::begin_at(std::uint64_t offset) {
    for (;;) {
        const auto begun = co_await checkpoint_.begin(offset, random_epoch_text(random_));
        if (begun) {
            co_return true;
        }
        if (!co_await wait_to_retry(begun.error())) {
            co_return false;
        }
    }
}

/// A worker that is closed meanwhile keeps the effects that it has: the range ends there.
Task<bool> PartitionWorker::gather(BatchResult& batch_result) {
    const auto stream = checkpoint_.stream();
    auto next = range_.begin();
    while (next != range_.end() && !closed_) {
        auto effect = co_await flow_.take(hub_, *next, stream);
        if (effect) {
            sort(*next, std::move(*effect), batch_result);
            ++next;
            delay_.start_over();
        } else {
            static_cast<void>(co_await wait_to_retry(std::move(effect).error()));
        }
    }
    range_.erase(next, range_.end());
    co_return !range_.empty();
}

void PartitionWorker::sort(const Record& record, Effect effect, BatchResult& batch_result) {
    if (auto* poison = std::get_if<Poison>(&effect)) {
        note_poison(record, poison->why, batch_result);
    } else if (auto* event = std::get_if<hub::NewEvent>(&effect)) {
        if (hub_.policy_of(event->topic).lane == hub::Lane::kVolatile) {
            batch_result.volatile_events.push_back(std::move(*event));
        } else {
            batch_result.durable.push_back(std::move(*event));
            batch_result.durable_offsets.push_back(record.offset);
        }
    }
}

void PartitionWorker::note_poison(const Record& record, const Error& why,
                                  BatchResult& batch_result) {
    telemetry::count(Counter::kKafkaPoison);
    if (const auto left_out = poison_budget_.try_take(hub_.shard().now())) {
        telemetry::log_warning(
            "kafka: a record can't be read",
            {{"topic", partition_.topic},
             {"partition", partition_.number},
             {"offset", record.offset},
             {"why", why.describe()},
             {"outcome", sinks_.dead_letters.empty() ? "skipped" : "dead letter"},
             {"left_out", *left_out}});
    }
    if (!sinks_.dead_letters.empty()) {
        batch_result.dead.push_back(dead_letter_of(record, why));
    }
}

OutRecord PartitionWorker::dead_letter_of(const Record& record, const Error& why) const {
    OutRecord letter{sinks_.dead_letters, record.key, record.value, record.headers};
    letter.headers.emplace_back("howl-source-topic", partition_.topic);
    letter.headers.emplace_back("howl-source-partition", fmt::to_string(partition_.number));
    letter.headers.emplace_back("howl-source-offset", fmt::to_string(record.offset));
    letter.headers.emplace_back("howl-reason", why.entry().name);
    return letter;
}

/// After a failure all are sent again: a dead letter may come twice, and none is lost except one
/// that alone is too large for the brokers.
Task<bool> PartitionWorker::send_dead_letters(std::vector<OutRecord> dead) {
    while (!dead.empty()) {
        auto sent = co_await sinks_.send(hub_.shard(), dead);
        if (sent) {
            co_return true;
        }
        if (sent.error().entry().retry == Retry::kFinal) {
            co_return co_await send_one_by_one(std::move(dead), std::move(sent).error());
        }
        if (!co_await wait_to_retry(std::move(sent).error())) {
            co_return false;
        }
    }
    co_return true;
}

/// Brokers apply their size limit to the whole batch.
Task<bool> PartitionWorker::send_one_by_one(std::vector<OutRecord> dead, Error why) {
    if (dead.size() == 1) {
        telemetry::count(why.code);
        telemetry::log_warning("kafka: the brokers refuse a dead letter for good",
                               {{"topic", sinks_.dead_letters}, {"why", why.describe()}});
        co_return true;
    }
    bool open = true;
    for (std::size_t at = 0; open && at < dead.size(); ++at) {
        std::vector<OutRecord> one;
        one.push_back(std::move(dead[at]));
        open = co_await send_dead_letters(std::move(one));
    }
    co_return open;
}

Task<bool> PartitionWorker::commit(BatchResult& batch_result) {
    const auto next = range_.back().offset + 1;
    while (checkpoint_.next() < next) {
        // A commit whose outcome was unknown may have succeeded.
        const auto missing =
            std::ranges::lower_bound(batch_result.durable_offsets, checkpoint_.next()) -
            batch_result.durable_offsets.begin();
        std::vector<hub::NewEvent> events{batch_result.durable.begin() + missing,
                                          batch_result.durable.end()};
        const auto stored = co_await checkpoint_.advance(next, std::move(events));
        if (!stored && !co_await wait_to_retry(stored.error())) {
            co_return false;
        }
    }
    co_return true;
}

Task<bool> PartitionWorker::publish(std::vector<hub::NewEvent> events) {
    while (!events.empty()) {
        auto start = [&](auto done) {
            hub_.gate().publish(access::kHowl, events, std::move(done));
        };
        const auto receipts =
            co_await runtime::completion_of<Result<hub::Receipts>>(std::move(start));
        if (receipts) {
            co_return true;
        }
        if (!co_await wait_to_retry(receipts.error())) {
            co_return false;
        }
    }
    co_return true;
}

Task<bool> PartitionWorker::wait_to_retry(Error why) {
    telemetry::count(why.code);
    if (!std::exchange(failing_, true)) {
        telemetry::log_warning("kafka: a partition's records can't be stored; trying for ever",
                               {{"topic", partition_.topic},
                                {"partition", partition_.number},
                                {"why", why.describe()}});
    }
    if (!closed_) {
        co_await pause_.wait(delay_.next());
    }
    co_return !closed_;
}

void PartitionWorker::report_done() {
    here_.check();
    if (std::exchange(failing_, false)) {
        delay_.start_over();
        telemetry::log_info("kafka: a partition's records are stored again",
                            {{"topic", partition_.topic}, {"partition", partition_.number}});
    }
    const auto bytes =
        std::accumulate(range_.begin(), range_.end(), std::size_t{0},
                        [](std::size_t sum, const Record& record) { return sum + record.bytes(); });
    sinks_.on_done({checkpoint_.next(), range_.size(), bytes});
    range_.clear();
}

}  // namespace howl::broker::kafka
