// SPDX-License-Identifier: Apache-2.0
#include "broker/kafka/producer.hpp"

#include <librdkafka/rdkafkacpp.h>
#include <memory>
#include <utility>

#include "base/mutex.hpp"
#include "broker/kafka/client_config.hpp"
#include "broker/kafka/client_events.hpp"
#include "telemetry/metrics.hpp"

namespace howl::broker::kafka {

using telemetry::Counter;

namespace {

constexpr int kPollMs = 100;

Result<void> outcome_of(RdKafka::ErrorCode code) {
    switch (code) {
        case RdKafka::ERR_NO_ERROR:
            telemetry::count(Counter::kKafkaWrites);
            return {};
        case RdKafka::ERR_MSG_SIZE_TOO_LARGE:
            return fail(Errc::kBodyTooLarge, "write to kafka");
        case RdKafka::ERR__QUEUE_FULL:
            return fail(Errc::kOverloaded, "write to kafka");
        case RdKafka::ERR__PURGE_QUEUE:
        case RdKafka::ERR__PURGE_INFLIGHT:
            return fail(Errc::kDraining, "write to kafka");
        default:
            telemetry::count(Counter::kKafkaFailures);
            return fail(Errc::kBrokerUnavailable, "write to kafka", RdKafka::err2str(code));
    }
}

/// The common outcome of several writes, reported when the last has completed. A retryable error
/// takes precedence over a final one: the caller has to try again.
class PendingWrites {
public:
    PendingWrites(std::size_t writes, Producer::Done done)
        : missing_(writes), done_(std::move(done)) {}

    void note(Result<void> one) {
        Result<void> outcome;
        {
            const MutexLock lock{mutex_};
            if (!one && (outcome_ || outcome_.error().entry().retry == Retry::kFinal)) {
                outcome_ = std::move(one);
            }
            if (--missing_ > 0) {
                return;
            }
            outcome = std::move(outcome_);
        }
        done_(std::move(outcome));
    }

private:
    Mutex mutex_;
    std::size_t missing_ HOWL_GUARDED_BY(mutex_);
    Result<void> outcome_ HOWL_GUARDED_BY(mutex_);
    Producer::Done done_;
};

}  // namespace

/// librdkafka's side. `Done` travels through it as the message's opaque pointer.
class Producer::Client final : public RdKafka::DeliveryReportCb {
public:
    explicit Client(std::chrono::milliseconds write_time) : write_time_(write_time) {}

    Result<void> open(const KafkaSettings& settings) {
        HOWL_TRY(conf, producer_config(settings));
        HOWL_TRY_VOID(attach(*conf, "event_cb", static_cast<RdKafka::EventCb*>(&events_)));
        HOWL_TRY_VOID(attach(*conf, "dr_cb", static_cast<RdKafka::DeliveryReportCb*>(this)));
        std::string problem;
        producer_.reset(RdKafka::Producer::create(conf.get(), problem));
        if (!producer_) {
            return fail(Errc::kInvalidConfig, "kafka", problem);
        }
        return {};
    }

    void dr_cb(RdKafka::Message& message) override {
        const std::unique_ptr<Done> done{static_cast<Done*>(message.msg_opaque())};
        (*done)(outcome_of(message.err()));
    }

    void send(OutRecord record, Done done) {
        auto opaque = std::make_unique<Done>(std::move(done));
        std::unique_ptr<RdKafka::Headers> headers{RdKafka::Headers::create()};
        for (const auto& [name, value] : record.headers) {
            headers->add(name, value ? value->data() : nullptr, value ? value->size() : 0);
        }
        const auto code = producer_->produce(
            record.topic, RdKafka::Topic::PARTITION_UA, RdKafka::Producer::RK_MSG_COPY,
            record.value ? record.value->data() : nullptr, record.value ? record.value->size() : 0,
            record.key ? record.key->data() : nullptr, record.key ? record.key->size() : 0, 0,
            headers.get(), opaque.get());
        if (code == RdKafka::ERR_NO_ERROR) {
            static_cast<void>(headers.release());  // librdkafka owns it from here on.
            static_cast<void>(opaque.release());   // `dr_cb` takes it back.
        } else {
            (*opaque)(outcome_of(code));
        }
    }

    void poll() { producer_->poll(kPollMs); }

    void finish() {
        producer_->flush(static_cast<int>(write_time_.count()));
        producer_->purge(RdKafka::Producer::PURGE_QUEUE | RdKafka::Producer::PURGE_INFLIGHT);
        while (producer_->outq_len() > 0) {
            producer_->poll(kPollMs);
        }
    }

private:
    const std::chrono::milliseconds write_time_;
    ClientEvents events_{"producer"};
    std::unique_ptr<RdKafka::Producer> producer_;
};

Result<std::unique_ptr<Producer>> Producer::create(const KafkaSettings& settings) {
    auto client = std::make_unique<Client>(settings.write_time);
    HOWL_TRY_VOID(client->open(settings));
    return std::unique_ptr<Producer>{new Producer{std::move(client)}};
}

Producer::Producer(std::unique_ptr<Client> client)
    : client_(std::move(client)), thread_([this] { run(); }) {}

Producer::~Producer() {
    stop();
}

void Producer::run() {
    while (!stopping_) {
        client_->poll();
    }
}

void Producer::stop() {
    {
        const UniqueLock alone{gate_};
        closed_ = true;
    }
    stopping_ = true;
    if (thread_.joinable()) {
        thread_.join();
        client_->finish();
    }
}

void Producer::send(OutRecord record, Done done) {
    const SharedLock in_common{gate_};
    if (closed_) {
        done(fail(Errc::kDraining, "write to kafka"));
        return;
    }
    client_->send(std::move(record), std::move(done));
}

runtime::Task<Result<void>> Producer::send_all(runtime::Shard& shard,
                                               std::vector<OutRecord> records) {
    if (records.empty()) {
        co_return Result<void>{};
    }
    auto start = [&](auto callback) {
        auto on_shard = [&shard, callback = std::move(callback)](Result<void> outcome) mutable {
            shard.post([callback = std::move(callback), outcome = std::move(outcome)]() mutable {
                std::move(callback)(std::move(outcome));
            });
        };
        const auto pending = std::make_shared<PendingWrites>(records.size(), std::move(on_shard));
        for (auto& record : records) {
            send(std::move(record), [pending](Result<void> one) { pending->note(std::move(one)); });
        }
    };
    co_return co_await runtime::completion_of<Result<void>>(std::move(start));
}

}  // namespace howl::broker::kafka
