// SPDX-License-Identifier: Apache-2.0
#include "broker/kafka/consumer_client.hpp"

#include <algorithm>
#include <utility>

#include "broker/kafka/client_config.hpp"
#include "broker/kafka/partition_list.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

namespace howl::broker::kafka {

using telemetry::Counter;
using namespace std::chrono_literals;

namespace {

/// How long a poll waits for records: the workers' reports are read at most so late, and sooner
/// where a paused partition may be waiting for one.
constexpr std::chrono::milliseconds kPollTime = 50ms;
constexpr std::chrono::milliseconds kPollTimeWhilePaused = 5ms;
constexpr std::chrono::milliseconds kWorkersWaitMax = 200ms;
/// Records of one turn; then they are handed to the workers.
constexpr int kRecordsPerTurnMax = 1'000;
constexpr auto kUpkeepInterval = 1s;

/// None for null, which is not the same as an empty text.
std::optional<std::string> text_at(const void* bytes, std::size_t size) {
    if (bytes == nullptr) {
        return std::nullopt;
    }
    return std::string{static_cast<const char*>(bytes), size};
}

Record record_of(RdKafka::Message& message) {
    Record record{.offset = static_cast<std::uint64_t>(message.offset()),
                  .key = text_at(message.key_pointer(), message.key_len()),
                  .value = text_at(message.payload(), message.len())};
    if (auto* headers = message.headers()) {
        for (const auto& header : headers->get_all()) {
            record.headers.emplace_back(header.key(), text_at(header.value(), header.value_size()));
        }
    }
    return record;
}

}  // namespace

Consumer::Client::Client(const KafkaSettings& settings, std::vector<Route> routes,
                         Dependencies dependencies)
    : routes_(std::move(routes)),
      dependencies_(std::move(dependencies)),
      records_in_work_max_(settings.records_in_work_max),
      assignment_(dependencies_.shards) {}

Consumer::Client::~Client() = default;

Result<void> Consumer::Client::open(const KafkaSettings& settings) {
    HOWL_TRY(conf, consumer_config(settings));
    HOWL_TRY_VOID(attach(*conf, "event_cb", static_cast<RdKafka::EventCb*>(&events_)));
    HOWL_TRY_VOID(attach(*conf, "rebalance_cb", static_cast<RdKafka::RebalanceCb*>(this)));
    HOWL_TRY_VOID(attach(*conf, "offset_commit_cb", static_cast<RdKafka::OffsetCommitCb*>(this)));
    std::string problem;
    consumer_.reset(RdKafka::KafkaConsumer::create(conf.get(), problem));
    if (!consumer_) {
        return fail(Errc::kInvalidConfig, "kafka", problem);
    }
    return {};
}

void Consumer::Client::start() {
    std::vector<std::string> topics;
    for (const auto& route : routes_) {
        topics.push_back(route.source.topic);
    }
    consumer_->subscribe(topics);
    thread_ = std::jthread{[this](const std::stop_token& stopped) { run(stopped); }};
}

void Consumer::Client::stop() {
    if (thread_.joinable()) {
        thread_.request_stop();
        thread_.join();
    }
}

void Consumer::Client::run(const std::stop_token& stopped) {
    stopped_ = stopped;
    auto next_upkeep = std::chrono::steady_clock::now();
    load_takeovers();
    while (!stopped_.stop_requested()) {
        static_cast<void>(try_note_takeovers());
        assignment_.note(board_->take());
        poll();
        assignment_.hand_over();
        wait_for_workers();
        pause_and_resume();
        if (const auto now = std::chrono::steady_clock::now(); now >= next_upkeep) {
            next_upkeep = now + kUpkeepInterval;
            commit_offsets();
            measure_lag();
        }
    }
    consumer_->close();  // Calls `revoke`.
}

void Consumer::Client::poll() {
    auto timeout = some_paused_ ? kPollTimeWhilePaused : kPollTime;
    for (int taken = 0; taken < kRecordsPerTurnMax; ++taken) {
        const std::unique_ptr<RdKafka::Message> message{
            consumer_->consume(static_cast<int>(timeout.count()))};
        if (take(*message) == Next::kPause) {
            return;
        }
        timeout = 0ms;
    }
}

Consumer::Client::Next Consumer::Client::take(RdKafka::Message& message) {
    switch (message.err()) {
        case RdKafka::ERR_NO_ERROR:
            return take_record(message);
        case RdKafka::ERR__TIMED_OUT:
            return Next::kPause;
        case RdKafka::ERR_UNKNOWN_TOPIC_OR_PART:
            events_.on_error(message.err(), message.errstr());
            ask_for_topic(message.topic_name());
            return Next::kMore;
        default:
            events_.on_error(message.err(), message.errstr());
            return Next::kMore;
    }
}

/// Brokers that create topics on demand do so on a metadata request by name, which a subscription
/// of librdkafka 2.0.2 does not send; afterwards it finds the topic by itself.
void Consumer::Client::ask_for_topic(const std::string& name) {
    std::string problem;
    const std::unique_ptr<RdKafka::Topic> topic{
        RdKafka::Topic::create(consumer_.get(), name, nullptr, problem)};
    RdKafka::Metadata* answer = nullptr;
    if (topic) {
        consumer_->metadata(false, topic.get(), &answer, static_cast<int>(kAskTime.count()));
    }
    delete answer;
}

Consumer::Client::Next Consumer::Client::take_record(RdKafka::Message& message) {
    telemetry::count(Counter::kKafkaRecords);
    const PartitionId id{message.topic_name(), message.partition()};
    auto* const assigned = assignment_.find(id);
    if (assigned == nullptr) {
        return Next::kMore;  // Of a revoked partition; its new consumer reads the record.
    }
    auto record = record_of(message);
    const auto expected = assigned->feed.expected().value_or(0);
    const auto end = record.offset < expected ? end_of(id, expected) : std::nullopt;
    const bool is_new = assigned->feed.take(std::move(record), end);
    if (!is_new) {
        telemetry::count(Counter::kKafkaRepeated);
    } else if (end) {
        telemetry::log_warning("kafka: a topic was made anew; reading it from its beginning",
                               {{"topic", id.topic}, {"partition", id.number}});
    }
    return assigned->feed.has_enough() ? Next::kPause : Next::kMore;
}

/// One past the last record. Queries the broker, for as long as it takes, where the known end is
/// before what was read: a record of a recreated topic must not be dropped as a repetition.
std::optional<std::uint64_t> Consumer::Client::end_of(const PartitionId& id,
                                                      std::uint64_t expected) {
    std::int64_t low = 0;
    std::int64_t high = RdKafka::Topic::OFFSET_INVALID;
    consumer_->get_watermark_offsets(id.topic, id.number, &low, &high);
    if (high >= 0 && static_cast<std::uint64_t>(high) >= expected) {
        return static_cast<std::uint64_t>(high);
    }
    while (!stopped_.stop_requested()) {
        const auto asked = consumer_->query_watermark_offsets(id.topic, id.number, &low, &high,
                                                              static_cast<int>(kAskTime.count()));
        if (asked == RdKafka::ERR_NO_ERROR && high >= 0) {
            return static_cast<std::uint64_t>(high);
        }
        wait(kAskTime);
    }
    return std::nullopt;
}

/// Waits for workers that are only a little behind: a pause makes librdkafka drop what it has read
/// ahead, and a resume costs a third of a second. The wait is bounded, so that a worker that makes
/// no progress does not delay the others.
void Consumer::Client::wait_for_workers() {
    const auto is_full = [](const auto& entry) {
        return !entry.second.paused && entry.second.feed.has_enough();
    };
    const auto deadline = std::chrono::steady_clock::now() + kWorkersWaitMax;
    while (std::ranges::any_of(assignment_.all(), is_full) && !stopped_.stop_requested() &&
           std::chrono::steady_clock::now() < deadline) {
        assignment_.note(board_->take(kPollTimeWhilePaused));
    }
}

void Consumer::Client::pause_and_resume() {
    PartitionList paused;
    PartitionList resumed;
    some_paused_ = false;
    for (auto& [id, assigned] : assignment_.all()) {
        if (!assigned.paused && assigned.feed.has_enough()) {
            assigned.paused = true;
            paused.add(id.topic, id.number);
        } else if (assigned.paused && assigned.feed.wants_more()) {
            assigned.paused = false;
            resumed.add(id.topic, id.number);
        }
        some_paused_ |= assigned.paused;
    }
    if (!paused.empty()) {
        consumer_->pause(paused.entries());
    }
    if (!resumed.empty()) {
        consumer_->resume(resumed.entries());
    }
}

void Consumer::Client::commit_offsets() {
    PartitionList offsets;
    for (auto& [id, assigned] : assignment_.all()) {
        if (const auto checkpoint = assigned.feed.take_uncommitted()) {
            offsets.add(id.topic, id.number, static_cast<std::int64_t>(*checkpoint));
        }
    }
    if (!offsets.empty()) {
        consumer_->commitAsync(offsets.entries());
    }
}

void Consumer::Client::offset_commit_cb(RdKafka::ErrorCode code,
                                        std::vector<RdKafka::TopicPartition*>& offsets) {
    if (code == RdKafka::ERR_NO_ERROR) {
        return;
    }
    telemetry::count(Counter::kKafkaFailures);
    for (const auto* offset : offsets) {
        if (auto* const assigned = assignment_.find({offset->topic(), offset->partition()})) {
            assigned->feed.commit_again();
        }
    }
}

/// The known end of a partition is as old as its last fetch. A paused one is not fetched, so the
/// broker is queried; the first query that fails ends this, since the next would fail too.
void Consumer::Client::measure_lag() {
    std::int64_t lag = 0;
    bool may_ask = true;
    for (auto& [id, assigned] : assignment_.all()) {
        std::int64_t low = 0;
        std::int64_t high = RdKafka::Topic::OFFSET_INVALID;
        if (assigned.paused && may_ask) {
            may_ask = consumer_->query_watermark_offsets(id.topic, id.number, &low, &high,
                                                         static_cast<int>(kAskTime.count())) ==
                      RdKafka::ERR_NO_ERROR;
        } else {
            consumer_->get_watermark_offsets(id.topic, id.number, &low, &high);
        }
        if (const auto checkpoint = assigned.feed.position(); checkpoint && high >= 0) {
            lag += std::max<std::int64_t>(high - static_cast<std::int64_t>(*checkpoint), 0);
        }
    }
    show_lag(lag);
}

void Consumer::Client::show_lag(std::int64_t lag) {
    telemetry::adjust(telemetry::Gauge::kKafkaLag, lag - std::exchange(lag_, lag));
}

}  // namespace howl::broker::kafka
