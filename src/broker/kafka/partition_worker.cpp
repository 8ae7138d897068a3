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
                                 PlaceKeeper keeper, Outlets outlets)
    : hub_(hub),
      flow_(flow),
      partition_(std::move(partition)),
      outlets_(std::move(outlets)),
      keeper_(std::move(keeper)),
      news_(hub.shard()),
      pause_(hub.shard()) {}

void PartitionWorker::start(const std::shared_ptr<PartitionWorker>& worker) {
    worker->hub_.shard().tasks().spawn("kafka partition", run(worker));
}

void PartitionWorker::add(std::vector<Record> records) {
    here_.check();
    if (!closed_) {
        std::ranges::move(records, std::back_inserter(waiting_));
        news_.wake();
    }
}

void PartitionWorker::close() {
    here_.check();
    closed_ = true;
    news_.wake();
    pause_.wake();
}

Task<void> PartitionWorker::run(std::shared_ptr<PartitionWorker> self) {
    bool open = co_await self->keep_begin();
    while (open && co_await self->next_stretch()) {
        open = co_await self->store_stretch();
    }
    self->outlets_.on_end();
}

Task<bool> PartitionWorker::next_stretch() {
    here_.check();
    while (!closed_ && waiting_.empty()) {
        co_await news_.wait();
    }
    stretch_.clear();
    std::size_t bytes = 0;
    while (!closed_ && !waiting_.empty() && stretch_.size() < kRecordsPerCommitMax &&
           bytes < kBytesPerCommitMax) {
        if (waiting_.front().stream == Stream::kAnew && !stretch_.empty()) {
            break;  // It begins a stretch of its own, with a new place.
        }
        bytes += waiting_.front().bytes();
        stretch_.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    }
    co_return !stretch_.empty();
}

Task<bool> PartitionWorker::store_stretch() {
    Harvest harvest;
    bool open = co_await begin_place();
    open = open && co_await gather(harvest);
    open = open && co_await bury(std::move(harvest.dead));
    open = open && co_await commit(harvest);
    open = open && co_await publish(std::move(harvest.ephemeral));
    if (open) {
        say_done();
    }
    co_return open;
}

/// The word has to be stored before anything is done in its name.
Task<bool> PartitionWorker::begin_place() {
    if (stretch_.front().stream == Stream::kAnew || !keeper_.exists()) {
        co_return co_await begin_at(stretch_.front().offset);
    }
    co_return true;
}

Task<bool> PartitionWorker::keep_begin() {
    if (partition_.begin && !keeper_.exists()) {
        co_return co_await begin_at(*partition_.begin);
    }
    co_return true;
}

Task<bool> PartitionWorker::begin_at(std::uint64_t offset) {
    for (;;) {
        const auto begun = co_await keeper_.begin(offset, random_epoch_text(random_));
        if (begun) {
            co_return true;
        }
        if (!co_await try_again(begun.error())) {
            co_return false;
        }
    }
}

/// A worker that is closed on the way keeps what is settled: the stretch ends there.
Task<bool> PartitionWorker::gather(Harvest& harvest) {
    const auto stream = keeper_.stream();
    auto next = stretch_.begin();
    while (next != stretch_.end() && !closed_) {
        auto effect = co_await flow_.take(hub_, *next, stream);
        if (effect) {
            sort(*next, std::move(*effect), harvest);
            ++next;
            delay_.start_over();
        } else {
            static_cast<void>(co_await try_again(std::move(effect).error()));
        }
    }
    stretch_.erase(next, stretch_.end());
    co_return !stretch_.empty();
}

void PartitionWorker::sort(const Record& record, Effect effect, Harvest& harvest) {
    if (auto* poison = std::get_if<Poison>(&effect)) {
        note_poison(record, poison->why, harvest);
    } else if (auto* event = std::get_if<hub::NewEvent>(&effect)) {
        if (hub_.policy_of(event->topic).lane == hub::Lane::kVolatile) {
            harvest.ephemeral.push_back(std::move(*event));
        } else {
            harvest.durable.push_back(std::move(*event));
            harvest.durable_offsets.push_back(record.offset);
        }
    }
}

void PartitionWorker::note_poison(const Record& record, const Error& why, Harvest& harvest) {
    telemetry::count(Counter::kKafkaPoison);
    if (const auto left_out = poison_budget_.ask(hub_.shard().now())) {
        telemetry::log_warning("kafka: a record can't be read",
                               {{"topic", partition_.topic},
                                {"partition", partition_.number},
                                {"offset", record.offset},
                                {"why", why.describe()},
                                {"fate", outlets_.dead_letters.empty() ? "skipped" : "dead letter"},
                                {"left_out", *left_out}});
    }
    if (!outlets_.dead_letters.empty()) {
        harvest.dead.push_back(dead_letter_of(record, why));
    }
}

OutRecord PartitionWorker::dead_letter_of(const Record& record, const Error& why) const {
    OutRecord letter{outlets_.dead_letters, record.key, record.value, record.headers};
    letter.headers.emplace_back("howl-source-topic", partition_.topic);
    letter.headers.emplace_back("howl-source-partition", fmt::to_string(partition_.number));
    letter.headers.emplace_back("howl-source-offset", fmt::to_string(record.offset));
    letter.headers.emplace_back("howl-reason", why.entry().name);
    return letter;
}

/// After a failure all are sent again: a dead letter may come twice, and none is missing but one
/// that is too large for the brokers by itself.
Task<bool> PartitionWorker::bury(std::vector<OutRecord> dead) {
    while (!dead.empty()) {
        auto sent = co_await outlets_.send(hub_.shard(), dead);
        if (sent) {
            co_return true;
        }
        if (sent.error().entry().retry == Retry::kFinal) {
            co_return co_await bury_each(std::move(dead), std::move(sent).error());
        }
        if (!co_await try_again(std::move(sent).error())) {
            co_return false;
        }
    }
    co_return true;
}

/// Brokers judge what comes together by its whole size.
Task<bool> PartitionWorker::bury_each(std::vector<OutRecord> dead, Error why) {
    if (dead.size() == 1) {
        telemetry::count(why.code);
        telemetry::log_warning("kafka: the brokers refuse a dead letter for good",
                               {{"topic", outlets_.dead_letters}, {"why", why.describe()}});
        co_return true;
    }
    bool open = true;
    for (std::size_t at = 0; open && at < dead.size(); ++at) {
        std::vector<OutRecord> one;
        one.push_back(std::move(dead[at]));
        open = co_await bury(std::move(one));
    }
    co_return open;
}

Task<bool> PartitionWorker::commit(Harvest& harvest) {
    const auto next = stretch_.back().offset + 1;
    while (keeper_.next() < next) {
        // A commit whose outcome was unknown may have been made after all.
        const auto missing = std::ranges::lower_bound(harvest.durable_offsets, keeper_.next()) -
                             harvest.durable_offsets.begin();
        std::vector<hub::NewEvent> events{harvest.durable.begin() + missing, harvest.durable.end()};
        const auto stored = co_await keeper_.advance(next, std::move(events));
        if (!stored && !co_await try_again(stored.error())) {
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
        if (!co_await try_again(receipts.error())) {
            co_return false;
        }
    }
    co_return true;
}

Task<bool> PartitionWorker::try_again(Error why) {
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

void PartitionWorker::say_done() {
    here_.check();
    if (std::exchange(failing_, false)) {
        delay_.start_over();
        telemetry::log_info("kafka: a partition's records are stored again",
                            {{"topic", partition_.topic}, {"partition", partition_.number}});
    }
    const auto bytes =
        std::accumulate(stretch_.begin(), stretch_.end(), std::size_t{0},
                        [](std::size_t sum, const Record& record) { return sum + record.bytes(); });
    outlets_.on_done({keeper_.next(), stretch_.size(), bytes});
    stretch_.clear();
}

}  // namespace howl::broker::kafka
