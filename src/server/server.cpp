// SPDX-License-Identifier: Apache-2.0
#include "server/server.hpp"

#include <algorithm>
#include <latch>
#include <optional>
#include <utility>

#include "broker/kafka/kafka_service.hpp"
#include "hub/hub.hpp"
#include "hub/local_presence.hpp"
#include "hub/local_subscriber_counts.hpp"
#include "hub/sequencer.hpp"
#include "runtime/shard_group.hpp"
#include "server/descriptors.hpp"
#include "server/endpoints.hpp"
#include "server/listen_address.hpp"
#include "server/running_products.hpp"
#include "server/stores.hpp"
#include "session/session_flusher.hpp"
#include "session/session_group.hpp"
#include "telemetry/log.hpp"
#include "transport/listener.hpp"
#include "transport/shard_network.hpp"

namespace howl::server {

using products::Readiness;
using telemetry::log_info;

/// The objects in the order of their construction; they go in the reverse order.
class Server::Parts {
public:
    Parts(Config config, const Clock& clock)
        : config_(std::move(config)),
          clock_(clock),
          policies_(topic_policies_of(config_)),
          response_policy_(transport::OriginRule{own_origins(config_)}),
          event_style_{.heartbeat_comment = "hb", .heartbeat = config_.transport.sse_heartbeat},
          budget_(config_.connections_max, config_.address_share_percent),
          shards_(config_.shards == 0 ? runtime::ShardGroup::usable_cores() : config_.shards,
                  clock) {}

    ~Parts() { stop(); }

    Result<void> start() {
        hub::OutputMemory::set_max(config_.output_bytes_max);
        HOWL_TRY_VOID(open_storage());
        make_shard_parts();
        HOWL_TRY_VOID(build_products());
        HOWL_TRY_VOID(make_kafka());
        HOWL_TRY_VOID(sequencer_->start());
        HOWL_TRY_VOID(open_listeners());
        shards_.start();
        started_ = true;
        HOWL_TRY_VOID(stores_->start());
        HOWL_TRY_VOID(products_->start());
        if (kafka_) {
            kafka_->start();
        }
        shards_.run_on_all([this](runtime::Shard& shard) {
            ShardParts& parts = *per_shard_[shard.id().value()];
            for (auto& listener : parts.listeners) {
                listener->start();
            }
        });
        readiness_ = Readiness::kReady;
        return {};
    }

    void begin_drain() {
        if (!started_ || std::exchange(draining_, true)) {
            return;
        }
        readiness_ = Readiness::kDraining;
        const auto open = open_connections();
        shards_.run_on_all([this](runtime::Shard& shard) {
            ShardParts& parts = *per_shard_[shard.id().value()];
            for (auto& listener : parts.listeners) {
                listener->stop();
            }
            parts.flusher.drain();
            parts.network.drain();
        });
        products_->begin_drain();
        log_info("draining: listeners closed, clients asked to leave", {{"connections", open}});
    }

    std::size_t open_connections() {
        std::atomic<std::size_t> open{0};
        if (started_ && !stopped_) {
            shards_.run_on_all([&](runtime::Shard& shard) {
                open += per_shard_[shard.id().value()]->open_connections();
            });
        }
        return open;
    }

    void stop() {
        if (!started_ || std::exchange(stopped_, true)) {
            return;
        }
        begin_drain_before_stop();
        products_->stop();
        if (kafka_) {
            kafka_->stop();
            log_info("kafka: let go");
        }
        // Shards still run, because what the stores commit now is acknowledged through them.
        stores_->stop();
        shards_.run_on_all([this](runtime::Shard& shard) {
            per_shard_[shard.id().value()]->abort_all();
            shard.tasks().cancel();
        });
        sequencer_->stop();
        log_info("store closed");
        wait_for_tasks();
        shards_.stop();
        log_info("stopped");
    }

    [[nodiscard]] const std::vector<Bound>& bound() const { return bound_; }
    [[nodiscard]] bool store_failed() const { return stores_->failed(); }
    void say_store_failed() { readiness_ = Readiness::kStoreFailed; }

private:
    struct ShardParts {
        ShardParts(runtime::Shard& shard, hub::Sequencer& sequencer,
                   const transport::TransportSettings& settings,
                   transport::ConnectionBudget& budget)
            : hub(shard, sequencer, access::allow_everything()),
              sessions(hub, settings.session, random),
              flusher(sessions),
              network(sessions, settings, budget) {}

        std::size_t open_connections() {
            return sessions.open_count() + network.connections().count();
        }
        void abort_all() {
            flusher.abort_all();
            network.connections().abort_all();
        }

        SystemRandom random;
        hub::Hub hub;
        session::SessionGroup sessions;
        session::SessionFlusher flusher;
        transport::ShardNetwork network;
        std::vector<std::unique_ptr<transport::Listener>> listeners;
    };

    Result<void> open_storage() {
        volatile_log_ = std::make_unique<storage::memory::MemoryEventLog>(
            clock_, Epoch{random_epoch_text(random_)},
            memory_log_options(config_, hub::Lane::kVolatile));
        HOWL_TRY(stores, Stores::open(config_, policies_, clock_, random_));
        stores_ = std::move(stores);
        sequencer_ = std::make_unique<hub::Sequencer>(stores_->durable_log(), *volatile_log_,
                                                      policies_, clock_, config_.window_bytes_max);
        return {};
    }

    void make_shard_parts() {
        for (std::uint32_t i = 0; i < shards_.size(); ++i) {
            per_shard_.push_back(std::make_unique<ShardParts>(shards_.at(ShardId{i}), *sequencer_,
                                                              config_.transport, budget_));
        }
        subscribers_ = std::make_unique<hub::LocalSubscriberCounts>(shards_, hubs());
    }

    [[nodiscard]] std::vector<hub::Hub*> hubs() const {
        std::vector<hub::Hub*> all;
        for (const auto& parts : per_shard_) {
            all.push_back(&parts->hub);
        }
        return all;
    }

    [[nodiscard]] products::Services services() {
        using enum products::Services::TopicNames;
        return {.settings = config_.products,
                .clock = clock_,
                .shards = shards_,
                .hubs = hubs(),
                .store = [this](products::StoreChoice choice) -> hub::Store& {
                    return stores_->of(choice);
                },
                .subscribers = *subscribers_,
                .presence = presence_,
                .node = {readiness_, [this] { return stores_->trouble(); }},
                .response_policy = response_policy_,
                .event_style = event_style_,
                .page_heartbeat = config_.transport.sse_page_heartbeat,
                .topic_names = config_.list_topics ? kListed : kPrivate,
                .parts = product_parts_};
    }

    Result<void> build_products() {
        HOWL_TRY(built, RunningProducts::build(services()));
        products_ = std::move(built);
        endpoints_ = std::make_unique<Endpoints>(config_, response_policy_, *products_);
        return {};
    }

    Result<void> make_kafka() {
        if (config_.kafka.brokers.empty()) {
            return {};
        }
        const auto make_flow = [this](std::string_view flow, const broker::SourceLink& source) {
            return products_->make_flow(flow, source);
        };
        HOWL_TRY(kafka, broker::kafka::KafkaService::create(
                            config_.kafka, {shards_, hubs(), stores_->embedded(), make_flow}));
        kafka_ = std::move(kafka);
        return {};
    }

    Result<void> open_listeners() {
        if (config_.listeners.empty()) {
            config_.listeners.push_back(default_listener("127.0.0.1:8080"));
        }
        for (const auto& listener : config_.listeners) {
            HOWL_TRY_VOID(open_listener(listener));
        }
        return {};
    }

    Result<void> open_listener(const ListenerConfig& listener) {
        HOWL_TRY(wanted, parse_listen_address(listener.address));
        HOWL_TRY_VOID(check_exposure(
            wanted, config_.allow_remote ? RemoteAccess::kAllowed : RemoteAccess::kRefused));
        const auto& router = *routers_.emplace_back(
            endpoints_->make_router(listener, host_rule_of(config_, wanted)));
        auto sharing = transport::Listener::Sharing::kFirst;
        for (auto& shard : per_shard_) {
            HOWL_TRY(opened, transport::Listener::open(shard->network, router, wanted, sharing));
            sharing = transport::Listener::Sharing::kJoin;
            wanted = opened->local();  // Port 0: the next shards take the port that the first got.
            shard->listeners.push_back(std::move(opened));
        }
        Bound bound{show_address(wanted), {}, router.routes()};
        for (const auto& endpoint : listener.endpoints) {
            bound.endpoints.push_back(endpoint.name);
        }
        bound_.push_back(std::move(bound));
        return {};
    }

    void begin_drain_before_stop() {
        if (!draining_) {
            begin_drain();
        }
    }

    /// Twice: the last tasks of one shard may have asked another, whose group was empty already.
    void wait_for_tasks() {
        wait_for_tasks_once();
        wait_for_tasks_once();
    }

    void wait_for_tasks_once() {
        std::latch empty{static_cast<std::ptrdiff_t>(shards_.size())};
        shards_.run_on_all([&empty](runtime::Shard& shard) {
            shard.tasks().when_empty([&empty] { empty.count_down(); });
        });
        empty.wait();
    }

    // Constant after construction, or after start.
    Config config_;
    const Clock& clock_;
    const hub::TopicPolicies policies_;
    const transport::ApiResponsePolicy response_policy_;
    const transport::SseStyle event_style_;
    SystemRandom random_;
    transport::ConnectionBudget budget_;
    std::vector<std::unique_ptr<transport::Router>> routers_;
    std::vector<Bound> bound_;
    // Shared; atomic.
    std::atomic<Readiness> readiness_{Readiness::kStarting};
    // The server's thread.
    bool started_ = false;
    bool draining_ = false;
    bool stopped_ = false;
    runtime::ShardGroup shards_;  // Before what its loops refer to, so that it goes after it.
    std::unique_ptr<hub::EventLog> volatile_log_;
    std::unique_ptr<Stores> stores_;
    std::unique_ptr<hub::Sequencer> sequencer_;
    std::vector<std::unique_ptr<ShardParts>> per_shard_;
    std::unique_ptr<hub::LocalSubscriberCounts> subscribers_;
    hub::LocalPresence presence_;  ///< Shared.
    products::SharedParts product_parts_;
    std::unique_ptr<RunningProducts> products_;
    std::unique_ptr<broker::kafka::KafkaService> kafka_;  ///< Null: there is no Kafka.
    std::unique_ptr<Endpoints> endpoints_;
};

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Server::~Server() = default;

Result<std::unique_ptr<Server>> Server::start(Config config, const Clock& clock) {
    HOWL_TRY_VOID(fit_descriptors(config));
    auto parts = std::make_unique<Parts>(std::move(config), clock);
    HOWL_TRY_VOID(parts->start());
    return std::unique_ptr<Server>{new Server{std::move(parts)}};
}

const std::vector<Server::Bound>& Server::bound() const noexcept {
    return parts_->bound();
}

void Server::begin_drain() {
    if (store_failed()) {
        parts_->say_store_failed();
    }
    parts_->begin_drain();
}

std::size_t Server::open_connections() {
    return parts_->open_connections();
}

void Server::stop() {
    parts_->stop();
}

bool Server::store_failed() const {
    return parts_->store_failed();
}

}  // namespace howl::server
