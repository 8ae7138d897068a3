// SPDX-License-Identifier: Apache-2.0
// The part of the consumer's thread that decides where a partition without a checkpoint begins.
#include <algorithm>
#include <future>
#include <utility>

#include "broker/kafka/consumer_client.hpp"
#include "broker/kafka/partition_list.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

namespace howl::broker::kafka {

namespace {

/// Waits for a store's answer, which comes on another thread.
template <class T, class Ask>
Result<T> answer_of(Ask ask) {
    const auto answer = std::make_shared<std::promise<Result<T>>>();
    ask([answer](Result<T> outcome) { answer->set_value(std::move(outcome)); });
    return answer->get_future().get();
}

/// How many partitions each topic of the cluster has; nothing where no broker answers.
std::optional<std::map<std::string, std::int32_t>> partitions_of(
    RdKafka::KafkaConsumer& consumer, std::chrono::milliseconds at_most) {
    RdKafka::Metadata* answer = nullptr;
    const auto code = consumer.metadata(true, nullptr, &answer, static_cast<int>(at_most.count()));
    const std::unique_ptr<RdKafka::Metadata> metadata{answer};
    if (code != RdKafka::ERR_NO_ERROR || metadata == nullptr) {
        return std::nullopt;
    }
    std::map<std::string, std::int32_t> counts;
    for (const auto* const topic : *metadata->topics()) {
        counts.emplace(topic->topic(), static_cast<std::int32_t>(topic->partitions()->size()));
    }
    return counts;
}

/// One partition in a query to librdkafka.
struct Asked {
    Asked(const PartitionId& id, std::int64_t offset) { list.add(id.topic, id.number, offset); }
    [[nodiscard]] std::int64_t offset() { return list.entries().front()->offset(); }
    PartitionList list;
};

}  // namespace

bool Consumer::Client::has_begun() const noexcept {
    return has_begun_.load(std::memory_order_relaxed);
}

/// Whether the takeover of every source is stored already, in whichever cluster; then no record
/// that is written from now on counts as older than the takeover.
void Consumer::Client::load_takeovers() {
    const auto noted = answer_of<hub::RecordList>([this](auto done) {
        dependencies_.store.list({.kind = std::string{kSourceKind}}, std::move(done));
    });
    const auto is_noted = [&](const Route& route) {
        return noted && std::ranges::any_of(noted->records, [&](const hub::Record& record) {
                   return record.key.id.ends_with("/" + route.source.topic);
               });
    };
    has_begun_ = std::ranges::all_of(routes_, is_noted);
}

bool Consumer::Client::try_note_takeovers() {
    if (takeovers_ || routes_.empty()) {
        return true;
    }
    const auto cluster_id = consumer_->clusterid(static_cast<int>(kAskTime.count()));
    const auto counts = cluster_id.empty() ? std::nullopt : partitions_of(*consumer_, kAskTime);
    if (!counts) {
        return false;
    }
    std::map<std::string, Takeover> noted;
    for (const auto& [source, flow] : routes_) {
        const auto found = counts->find(source.topic);
        const auto partitions = found == counts->end() ? 0 : found->second;
        auto takeover = note_takeover(cluster_id, source.topic, partitions);
        if (takeover) {
            noted.emplace(source.topic, std::move(*takeover));
        } else if (takeover.error().code != Errc::kDamaged) {
            log_once(takeover.error());
            return false;
        }
    }
    takeovers_ = std::move(noted);
    has_begun_ = true;
    return true;
}

void Consumer::Client::log_once(const Error& why) {
    telemetry::count(why.code);
    if (!std::exchange(has_logged_why_, true)) {
        telemetry::log_warning("kafka: the sources can't be noted; trying for ever",
                               {{"why", why.describe()}});
    }
}

Result<Takeover> Consumer::Client::note_takeover(const std::string& cluster_id,
                                                 const std::string& topic,
                                                 std::int32_t partitions) {
    const auto key = source_key(cluster_id, topic);
    const auto get = [&](auto done) { dependencies_.store.get(key, std::move(done)); };
    HOWL_TRY(noted, takeover_of(answer_of<std::optional<hub::Record>>(get)));
    if (noted) {
        return std::move(*noted);
    }
    Takeover takeover;
    for (std::int32_t number = 0; number < partitions; ++number) {
        const auto end = ask_once_for_end({topic, number});
        if (!end) {
            return fail(Errc::kBrokerUnavailable, "ask kafka for an end");
        }
        takeover.ends.push_back(static_cast<std::uint64_t>(*end));
    }
    const auto put = [&](auto done) {
        hub::RecordChange change{key, Version{0}, {}, takeover.text()};
        dependencies_.store.commit(std::move(change), {{}, std::move(done)});
    };
    HOWL_TRY_VOID(answer_of<hub::Receipts>(put));
    telemetry::log_info("kafka: a source is new here",
                        {{"topic", topic}, {"partitions", partitions}});
    return takeover;
}

/// As `Source::begin` says.
Result<Consumer::Client::Start> Consumer::Client::start_of(const PartitionId& id) {
    const auto& begin = route_of(id)->source.begin;
    const Start from_beginning{RdKafka::Topic::OFFSET_BEGINNING, std::nullopt};
    if (begin.at == Begin::At::kBeginning) {
        return from_beginning;
    }
    if (begin.at == Begin::At::kTime) {
        return start_at(offset_at(id, begin.time));
    }
    if (begin.at == Begin::At::kStored) {
        const auto committed = committed_of(id);
        if (!committed) {
            return fail(Errc::kDraining, "ask kafka where to begin");
        }
        if (*committed >= 0) {
            return Start{RdKafka::Topic::OFFSET_STORED, std::nullopt};
        }
    }
    // A partition that was added after the takeover holds nothing older.
    const auto noted = takeovers_->find(id.topic);
    if (noted == takeovers_->end()) {
        return fail(Errc::kDamaged, "begin a partition", "what is noted of its topic");
    }
    const auto& ends = noted->second.ends;
    const auto number = static_cast<std::size_t>(id.number);
    return number >= ends.size() ? from_beginning
                                 : start_at(static_cast<std::int64_t>(ends[number]));
}

Result<Consumer::Client::Start> Consumer::Client::start_at(std::optional<std::int64_t> offset) {
    if (!offset) {
        return fail(Errc::kDraining, "ask kafka where to begin");
    }
    return Start{*offset, static_cast<std::uint64_t>(*offset)};
}

/// Negative: the group has committed none.
std::optional<std::int64_t> Consumer::Client::committed_of(const PartitionId& id) {
    while (!stopped_.stop_requested()) {
        Asked asked{id, RdKafka::Topic::OFFSET_INVALID};
        const auto code =
            consumer_->committed(asked.list.entries(), static_cast<int>(kAskTime.count()));
        if (code == RdKafka::ERR_NO_ERROR) {
            return asked.offset();
        }
        wait(kAskTime);
    }
    return std::nullopt;
}

/// Of the first record that is not older than `time`; without one, the end.
std::optional<std::int64_t> Consumer::Client::offset_at(const PartitionId& id, WallTime time) {
    while (!stopped_.stop_requested()) {
        Asked asked{id, time.time_since_epoch().count()};
        const auto code =
            consumer_->offsetsForTimes(asked.list.entries(), static_cast<int>(kAskTime.count()));
        if (code == RdKafka::ERR_NO_ERROR) {
            return asked.offset() >= 0 ? asked.offset() : ask_for_end(id);
        }
        wait(kAskTime);
    }
    return std::nullopt;
}

std::optional<std::int64_t> Consumer::Client::ask_for_end(const PartitionId& id) {
    while (!stopped_.stop_requested()) {
        if (const auto end = ask_once_for_end(id)) {
            return end;
        }
        wait(kAskTime);
    }
    return std::nullopt;
}

std::optional<std::int64_t> Consumer::Client::ask_once_for_end(const PartitionId& id) {
    std::int64_t low = 0;
    std::int64_t high = RdKafka::Topic::OFFSET_INVALID;
    const auto code = consumer_->query_watermark_offsets(id.topic, id.number, &low, &high,
                                                         static_cast<int>(kAskTime.count()));
    return code == RdKafka::ERR_NO_ERROR && high >= 0 ? std::optional{high} : std::nullopt;
}

}  // namespace howl::broker::kafka
