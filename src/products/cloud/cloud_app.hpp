// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "base/result.hpp"
#include "hub/hub.hpp"
#include "hub/store.hpp"
#include "products/cloud/instance.hpp"
#include "products/cloud/instance_provider.hpp"
#include "products/cloud/notice.hpp"
#include "products/owner_shard.hpp"
#include "products/records.hpp"
#include "products/settings.hpp"
#include "runtime/shard.hpp"
#include "runtime/shard_group.hpp"
#include "runtime/timer_wheel.hpp"

namespace howl::products::cloud {

/// The kind of the instances' records.
inline constexpr std::string_view kRecordKind = "cloud.instance";

struct CloudSettings {
    /// Work of an operation asked for through the API and through `cloud-commands`.
    std::chrono::milliseconds operation_time = std::chrono::seconds{20};
    /// Work of a create asked for through `cloud-toggle`; its other operations take none.
    std::chrono::milliseconds toggle_operation_time = std::chrono::seconds{10};
    /// Instances, those in the making included. Reached: `kLimitReached`.
    std::uint64_t instances_max = 1000;
    /// Of 100 simulated operations this many fail; for those who build user interfaces.
    std::uint64_t simulated_failures_percent = 0;
    /// Where instances are kept.
    StoreChoice store = StoreChoice::kEmbedded;
};

/// The cloud dashboard's state machine: instances and the operations on them.
///
/// A command is checked, stored with its operation and announced as `received`, all in one commit;
/// the provider works; the outcome is stored and announced in one commit. The stored operation is
/// what a restart goes on from, and the record's version sees to it that it ends once.
///
/// ```
///   endpoint --run--> CloudApp --commit(operation, received)--> Store
///                    |--perform--> InstanceProvider --done--> commit(state, started) --> Store
/// ```
///
/// Thread: any shard calls the verbs that take `from`; the state lives on the home shard.
class CloudApp {
public:
    CloudApp(runtime::ShardGroup& shards, hub::Hub& home, hub::Store& store,
             InstanceProvider& provider, Random& random, CloudSettings settings);
    ~CloudApp();
    CloudApp(const CloudApp&) = delete;
    CloudApp& operator=(const CloudApp&) = delete;

    /// Reads what is stored and goes on with the operations in it. Thread: home.
    /// Requires: before the other verbs. Errors: `RecordTable::load`.
    [[nodiscard]] runtime::Task<Result<void>> load();
    /// Ends the work; who waits for an operation gets `kDraining`. What is stored goes on after a
    /// restart. Idempotent. Thread: home.
    void stop();

    struct Command {
        OperationKind kind = OperationKind::kCreate;
        std::string instance_id{};  ///< Empty for a create.
        std::chrono::milliseconds duration{};
        std::string endpoint;
        std::string name{};             ///< Of a new instance; empty: none.
        std::string idempotency_key{};  ///< Of a create; a repeated one is answered as the first.
    };
    struct Accepted {
        std::string operation_id;
        std::string instance_id;
    };
    enum class Until : std::uint8_t { kAccepted, kFinished };

    /// Begins an operation; completes when it is stored, or finished. Errors: `kNotFound`, `kBusy`,
    /// `kIllegalState`, `kLimitReached`, `kVersionConflict`, the store's; the provider's for
    /// `kFinished`; `kDraining`. A create with a key that is known is answered with the first one's
    /// ids, until that instance is gone.
    [[nodiscard]] runtime::Task<Result<Accepted>> run(ShardId from, Command command, Until until);

    struct Snapshot {
        std::vector<Instance> instances;  ///< By age, oldest first; those in the making included.
        hub::Cursor cursor;               ///< A reader of `kTopic` goes on from here.
    };
    [[nodiscard]] runtime::Task<Snapshot> snapshot(ShardId from);

    [[nodiscard]] const CloudSettings& settings() const noexcept { return settings_; }
    [[nodiscard]] const Clock& clock() const noexcept { return owner_.shard().clock(); }

private:
    using Done = std::move_only_function<void(Result<Accepted>)>;
    struct Asker {
        Until until;
        Done done;
    };
    /// A command whose commit is under way. A create that is repeated meanwhile adds its asker.
    struct Beginning {
        Instance instance;
        std::vector<Asker> askers;
        bool in_doubt = false;  ///< The askers were told that it may be stored.
    };
    using Beginnings = std::list<Beginning>;
    /// Who waits for the end of an operation.
    struct Waiter {
        Accepted accepted;
        Done done;
    };
    struct Outcome {
        std::string instance_id;
        Result<void> result;
    };

    static constexpr std::chrono::seconds kRetryInterval{1};

    void begin(const Command& command, Asker asker);
    /// True: a create with this key is there or under way, and answers `asker` as well.
    [[nodiscard]] bool joins_earlier_create(const std::string& key, Asker& asker);
    [[nodiscard]] Result<Instance> instance_for(const Command& command);
    [[nodiscard]] Instance new_instance(const Command& command);
    [[nodiscard]] Operation new_operation(const Command& command);
    [[nodiscard]] runtime::Task<void> store_beginning(Beginnings::iterator beginning);
    void answer(Asker asker, Accepted accepted);
    void perform(const Instance& instance);

    void conclude(Outcome outcome);
    [[nodiscard]] runtime::Task<void> store_outcome(Outcome outcome);
    void retry_outcomes();
    void answer_waiters(const std::string& operation_id, const Result<void>& outcome);
    /// False once it is over.
    [[nodiscard]] bool runs(const Accepted& accepted) const;
    [[nodiscard]] std::vector<Instance> instances_by_age() const;

    // Constant after construction.
    OwnerShard owner_;
    InstanceProvider& provider_;
    Random& random_;
    const CloudSettings settings_;
    // Shard-local state, on the home shard.
    [[no_unique_address]] runtime::ShardCheck here_;
    RecordTable<Instance> table_;
    Beginnings beginnings_;
    std::multimap<std::string, Waiter, std::less<>> waiters_;  ///< By operation.
    std::vector<Outcome> unsaved_;                             ///< To be stored at the next try.
    WallTime newest_creation_;
    bool stopped_ = false;
    runtime::MemberTimer<CloudApp, &CloudApp::retry_outcomes> retry_;
};

}  // namespace howl::products::cloud
