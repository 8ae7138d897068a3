// SPDX-License-Identifier: Apache-2.0
#include "products/cloud/cloud_app.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "telemetry/metrics.hpp"

namespace howl::products::cloud {

using runtime::Task;

namespace {

std::vector<hub::NewEvent> announcement(std::string_view type, const Notice& notice) {
    std::vector<hub::NewEvent> events;
    events.push_back({.topic = topic(),
                      .type = std::string{type},
                      .content_type = "application/json",
                      .data = notice.text()});
    return events;
}

/// The store may well take it a little later.
bool may_pass(Errc code) {
    return code == Errc::kStorageFull || code == Errc::kOverloaded || code == Errc::kStorageFailed;
}

/// What `instance` is once its operation has succeeded.
Instance after_success(const Instance& instance, WallTime now) {
    Instance after = instance;
    const OperationKind kind = std::exchange(after.operation, std::nullopt)->kind;
    if (kind == OperationKind::kStart || kind == OperationKind::kStop) {
        after.state =
            kind == OperationKind::kStart ? InstanceState::kRunning : InstanceState::kStopped;
        after.timestamp = now;
    }
    return after;
}

Instance after_failure(const Instance& instance) {
    Instance after = instance;
    after.operation.reset();
    return after;
}

}  // namespace

CloudApp::CloudApp(runtime::ShardGroup& shards, hub::Hub& home, hub::Store& store,
                   InstanceProvider& provider, Random& random, CloudSettings settings)
    : owner_(shards, home),
      provider_(provider),
      random_(random),
      settings_(settings),
      table_(home, store, std::string{kRecordKind}),
      retry_(home.shard().timers(), *this) {}

CloudApp::~CloudApp() {
    stop();
}

Task<Result<void>> CloudApp::load() {
    auto loaded = co_await table_.load();
    if (!loaded || stopped_) {
        co_return loaded;
    }
    const auto instances = instances_by_age();
    for (const auto& instance : instances) {
        newest_creation_ = instance.created_at;
        if (instance.operation) {
            perform(instance);
        }
    }
    co_return loaded;
}

void CloudApp::stop() {
    if (std::exchange(stopped_, true)) {
        return;
    }
    provider_.stop();
    retry_.disarm();
    for (auto& [operation, waiter] : std::exchange(waiters_, {})) {
        waiter.done(fail(Errc::kDraining, "cloud operation"));
    }
}

Task<Result<CloudApp::Accepted>> CloudApp::run(ShardId from, Command command, Until until) {
    auto work = [this, command = std::move(command), until](const hub::Cursor&, auto done) {
        begin(command, {until, std::move(done)});
    };
    return owner_.ask<Result<Accepted>>(from, std::move(work));
}

Task<CloudApp::Snapshot> CloudApp::snapshot(ShardId from) {
    auto work = [this](hub::Cursor now, auto done) {
        done(Snapshot{instances_by_age(), std::move(now)});
    };
    return owner_.ask<Snapshot>(from, std::move(work));
}

void CloudApp::begin(const Command& command, Asker asker) {
    here_.check();
    if (stopped_) {
        asker.done(fail(Errc::kDraining, "cloud command"));
        return;
    }
    if (command.kind == OperationKind::kCreate &&
        joins_earlier_create(command.idempotency_key, asker)) {
        return;
    }
    auto instance = instance_for(command);
    if (!instance) {
        asker.done(std::unexpected(std::move(instance).error()));
        return;
    }
    auto& beginning = beginnings_.emplace_back(std::move(*instance));
    beginning.askers.push_back(std::move(asker));
    owner_.shard().tasks().spawn("cloud command", store_beginning(std::prev(beginnings_.end())));
}

bool CloudApp::joins_earlier_create(const std::string& key, Asker& asker) {
    if (key.empty()) {
        return false;
    }
    for (auto& beginning : beginnings_) {
        if (beginning.instance.exists() || beginning.instance.idempotency_key != key) {
            continue;
        }
        if (beginning.in_doubt) {
            asker.done(fail(Errc::kStorageFailed, "create an instance"));
        } else {
            beginning.askers.push_back(std::move(asker));
        }
        return true;
    }
    for (const auto& [id, entry] : table_.entries()) {
        if (entry.value.idempotency_key == key) {
            answer(std::move(asker), {entry.value.created_by, id});
            return true;
        }
    }
    return false;
}

Result<Instance> CloudApp::instance_for(const Command& command) {
    if (command.kind == OperationKind::kCreate) {
        const auto is_create = [](const Beginning& each) { return !each.instance.exists(); };
        const auto coming = static_cast<std::size_t>(std::ranges::count_if(beginnings_, is_create));
        if (table_.entries().size() + coming >= settings_.instances_max) {
            return fail(Errc::kLimitReached, "create an instance");
        }
        return new_instance(command);
    }
    const auto* const entry = table_.find(command.instance_id);
    if (entry == nullptr) {
        return fail(Errc::kNotFound, "cloud command", "there is no such instance");
    }
    HOWL_TRY_VOID(check_may_begin(entry->value, command.kind));
    Instance instance = entry->value;
    instance.operation = new_operation(command);
    return instance;
}

Instance CloudApp::new_instance(const Command& command) {
    Instance instance;
    instance.id = random_uuid_text(random_);
    instance.operation = new_operation(command);
    instance.timestamp = instance.operation->started_at;
    instance.name = command.name;
    newest_creation_ =
        std::max(instance.timestamp, newest_creation_ + std::chrono::milliseconds{1});
    instance.created_at = newest_creation_;
    instance.created_by = instance.operation->id;
    instance.idempotency_key = command.idempotency_key;
    return instance;
}

Operation CloudApp::new_operation(const Command& command) {
    return {random_uuid_text(random_), command.kind, owner_.shard().clock().wall_now(),
            command.duration, command.endpoint};
}

Task<void> CloudApp::store_beginning(Beginnings::iterator beginning) {
    here_.check();
    const Instance instance = beginning->instance;
    auto events = announcement("received", {*instance.operation, instance});
    auto tell_doubt = [&pending = *beginning](const Error& error) {
        pending.in_doubt = true;
        for (auto& asker : std::exchange(pending.askers, {})) {
            asker.done(std::unexpected(error));
        }
    };
    const auto stored =
        co_await table_.put(instance.id, {}, instance, std::move(events), std::move(tell_doubt));
    auto askers = std::move(beginning->askers);
    beginnings_.erase(beginning);
    for (auto& asker : askers) {
        if (stored) {
            answer(std::move(asker), {instance.operation->id, instance.id});
        } else {
            asker.done(std::unexpected(stored.error()));
        }
    }
    if (stored) {
        perform(instance);
    }
}

void CloudApp::answer(Asker asker, Accepted accepted) {
    here_.check();
    if (asker.until == Until::kAccepted || !runs(accepted)) {
        asker.done(std::move(accepted));
    } else if (stopped_) {
        asker.done(fail(Errc::kDraining, "cloud operation"));
    } else {
        auto operation_id = accepted.operation_id;
        waiters_.emplace(std::move(operation_id),
                         Waiter{std::move(accepted), std::move(asker.done)});
    }
}

void CloudApp::perform(const Instance& instance) {
    here_.check();
    if (stopped_) {
        return;  // The next start goes on with it.
    }
    auto done = [this, id = instance.id](Result<void> result) {
        conclude({id, std::move(result)});
    };
    provider_.perform(instance, std::move(done));
}

void CloudApp::conclude(Outcome outcome) {
    here_.check();
    owner_.shard().tasks().spawn("cloud outcome", store_outcome(std::move(outcome)));
}

Task<void> CloudApp::store_outcome(Outcome outcome) {
    here_.check();
    const auto* const entry = table_.find(outcome.instance_id);
    HOWL_ASSERT(entry != nullptr && entry->value.operation);
    const Instance before = entry->value;
    const Operation operation = *before.operation;
    const Result<void>& result = outcome.result;
    const Instance after =
        result ? after_success(before, owner_.shard().clock().wall_now()) : after_failure(before);
    const auto type = result ? done_name_of(operation.kind) : std::string_view{"failed"};
    const auto reason = result ? std::string_view{} : result.error().entry().name;
    auto events = announcement(type, {operation, after, std::string{reason}});
    const bool is_gone =
        operation.kind == (result ? OperationKind::kRemove : OperationKind::kCreate);
    auto tell_doubt = [this, &operation](const Error& error) {
        answer_waiters(operation.id, std::unexpected(error));
    };
    auto change = is_gone
                      ? table_.remove(after.id, std::move(events), std::move(tell_doubt))
                      : table_.put(after.id, {}, after, std::move(events), std::move(tell_doubt));
    const auto stored = co_await std::move(change);
    if (stored) {
        answer_waiters(operation.id, result);
        co_return;
    }
    telemetry::count(stored.error().code);
    if (stopped_) {
        co_return;  // The next start goes on with it.
    }
    if (may_pass(stored.error().code)) {
        unsaved_.push_back(std::move(outcome));
        retry_.arm(owner_.shard().now() + kRetryInterval);
    } else {
        answer_waiters(operation.id, std::unexpected(stored.error()));
    }
}

void CloudApp::retry_outcomes() {
    here_.check();
    for (auto& outcome : std::exchange(unsaved_, {})) {
        conclude(std::move(outcome));
    }
}

void CloudApp::answer_waiters(const std::string& operation_id, const Result<void>& outcome) {
    here_.check();
    for (auto node = waiters_.extract(operation_id); !node.empty();
         node = waiters_.extract(operation_id)) {
        auto& waiter = node.mapped();
        if (outcome) {
            waiter.done(std::move(waiter.accepted));
        } else {
            waiter.done(std::unexpected(outcome.error()));
        }
    }
}

bool CloudApp::runs(const Accepted& accepted) const {
    const auto* const entry = table_.find(accepted.instance_id);
    return entry != nullptr && entry->value.operation &&
           entry->value.operation->id == accepted.operation_id;
}

std::vector<Instance> CloudApp::instances_by_age() const {
    std::vector<Instance> instances;
    for (const auto& [id, entry] : table_.entries()) {
        instances.push_back(entry.value);
    }
    std::ranges::sort(instances, {}, &Instance::created_at);
    return instances;
}

}  // namespace howl::products::cloud
