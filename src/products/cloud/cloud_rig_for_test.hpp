// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "products/cloud/cloud_app.hpp"
#include "products/cloud/simulated_provider.hpp"
#include "products/product_rig_for_test.hpp"

namespace howl::products::cloud {

/// `ok`, or the name of the error.
inline std::string word_of(const Result<CloudApp::Accepted>& result) {
    return result ? "ok" : std::string{result.error().entry().name};
}

/// The cloud on a node in memory. Operations take 20 s unless a test says otherwise.
class CloudRig : public ProductRig {
public:
    using Accepted = CloudApp::Accepted;
    using Until = CloudApp::Until;

    explicit CloudRig(CloudSettings settings = {})
        : ProductRig({{"*", {hub::Lane::kDurable, {.count_max = 100'000}}}}), settings_(settings) {
        start();
    }

    ~CloudRig() { end(); }
    CloudRig(const CloudRig&) = delete;
    CloudRig& operator=(const CloudRig&) = delete;

    /// From the next start on, which is now.
    void set_settings(CloudSettings settings) {
        settings_ = settings;
        restart();
    }
    /// What is stored stays.
    void restart() {
        end();
        start();
    }
    void end() {
        app_->stop();
        settle();
        app_.reset();
        provider_.reset();
    }
    void start() {
        provider_ = std::make_unique<SimulatedProvider>(home().shard(), random,
                                                        settings_.simulated_failures_percent);
        app_ = std::make_unique<CloudApp>(shards, home(), store, *provider_, random, settings_);
        HOWL_ASSERT(result_of(app_->load()).has_value());
    }

    [[nodiscard]] CloudApp::Command command(OperationKind kind, std::string id = {}) const {
        CloudApp::Command command;
        command.kind = kind;
        command.instance_id = std::move(id);
        command.duration = settings_.operation_time;
        command.endpoint = "test";
        return command;
    }
    [[nodiscard]] Pending<Result<Accepted>> begin_command(CloudApp::Command wanted,
                                                          Until until = Until::kAccepted) {
        return begin(app_->run(kElsewhere, std::move(wanted), until));
    }
    [[nodiscard]] Result<Accepted> run(CloudApp::Command wanted) {
        return result_of(app_->run(kElsewhere, std::move(wanted), Until::kAccepted));
    }
    std::string run(OperationKind kind, const std::string& id) {
        return word_of(run(command(kind, id)));
    }
    /// Runs a command and lets it come to its end.
    void complete(OperationKind kind, const std::string& id) {
        HOWL_ASSERT(run(kind, id) == "ok");
        advance(settings_.operation_time);
    }
    /// A new instance, in the making.
    std::string create() { return run(command(OperationKind::kCreate))->instance_id; }
    /// A new instance, stopped.
    std::string make() {
        auto id = create();
        advance(settings_.operation_time);
        return id;
    }

    [[nodiscard]] CloudApp::Snapshot snapshot() { return result_of(app_->snapshot(kElsewhere)); }
    [[nodiscard]] std::optional<Instance> find(const std::string& id) {
        for (auto& instance : snapshot().instances) {
            if (instance.id == id) {
                return instance;
            }
        }
        return std::nullopt;
    }
    /// `stopped`, `running`, with `+kind` while an operation runs; `none`.
    [[nodiscard]] std::string state_of(const std::string& id) {
        const auto instance = find(id);
        if (!instance) {
            return "none";
        }
        auto words = std::string{name_of(instance->state)};
        if (instance->operation) {
            words.append("+").append(name_of(instance->operation->kind));
        }
        return words;
    }
    /// The types of all events, in their order.
    [[nodiscard]] std::vector<std::string> told() {
        std::vector<std::string> types;
        for (const auto& event : events(kTopic)) {
            types.push_back(event->type);
        }
        return types;
    }
    [[nodiscard]] Notice last_notice() {
        return Notice::parse(events(kTopic).back()->data).value();
    }

    [[nodiscard]] CloudApp& app() { return *app_; }

private:
    CloudSettings settings_;
    std::unique_ptr<SimulatedProvider> provider_;
    std::unique_ptr<CloudApp> app_;
};

}  // namespace howl::products::cloud
