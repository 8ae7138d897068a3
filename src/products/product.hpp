// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/result.hpp"
#include "hub/store.hpp"
#include "hub/topic_policy.hpp"
#include "products/running_product.hpp"
#include "products/services.hpp"
#include "products/settings.hpp"

namespace howl::products {

/// How a product's topics are kept, and whose they are.
struct Topics {
    std::vector<hub::TopicPolicies::Rule> rules{};
    std::vector<hub::TopicPolicies::Rank> ranks{};
};

/// The table of a store that keeps tables for other programs too (DynamoDB).
struct ForeignTable {
    std::string name{};  ///< Empty: `howl_` and the kind.
    std::string key_attribute = "id";
    std::string owner_attribute = "owner";
    std::string owner_index = "OwnerIndex";
    /// Members of the record's JSON that stand as attributes of their own as well.
    std::vector<std::string> shown_members{};
};

/// One kind of records that a product keeps.
struct RecordKind {
    std::string_view kind;
    /// Whether the product could read it. Errors: why it could not.
    Result<void> (*check)(const hub::Record& record);
    /// Where the operator wants them.
    StoreChoice (*store)(const ProductSettings& settings);
    ForeignTable table{};
};

/// An endpoint that a listener opens where its `doors = [...]` name it.
struct EndpointKind {
    std::string_view name;
    /// Where it stands unless the listener moves it; empty: in places that are fixed.
    std::string_view usual_prefix{};
    /// Whether it may let in pages that the others don't.
    enum class Origins : std::uint8_t { kOfServer, kOwnToo } origins = Origins::kOfServer;
    /// On any path two of them can't share a prefix.
    enum class Sockets : std::uint8_t { kOnItsPaths, kOnAnyPath } sockets = Sockets::kOnItsPaths;
    /// Where an original server listened whose protocol this is; 0: there was none.
    std::uint16_t original_port = 0;

    [[nodiscard]] bool is_movable() const noexcept { return !usual_prefix.empty(); }
};

/// What becomes of the records of a Kafka topic, under the name that `flow = "..."` takes.
struct FlowKind {
    std::string_view name;
    std::string_view usual_topic;  ///< Read where the operator names no sources.
    std::string_view documentation;
};

/// What is wrong with the settings of a product beyond their ranges.
struct SettingFault {
    std::string setting;  ///< `wisdom.quotes`
    Error error;
};

/// A product as the configuration knows it, before anything runs: what it is called there, what it
/// keeps, and how it is built (port).
///
/// A product is a folder, and a line in `registry/products.def`. All of it is optional but `build`.
/// Its counters are rows of `telemetry/metrics.def`, its routes have their times by themselves.
///
/// Thread: any; constant, and there as long as the process.
class Product {
public:
    virtual ~Product() = default;

    [[nodiscard]] virtual std::vector<SettingsSection> settings() const { return {}; }
    /// What a look at files and the like shows, as `build` would. Changes nothing.
    [[nodiscard]] virtual std::vector<SettingFault> faults(
        const ProductSettings& /*settings*/) const {
        return {};
    }
    [[nodiscard]] virtual Topics topics(const ProductSettings& /*settings*/) const { return {}; }
    [[nodiscard]] virtual std::vector<RecordKind> records() const { return {}; }
    [[nodiscard]] virtual std::vector<EndpointKind> endpoints() const { return {}; }
    [[nodiscard]] virtual std::vector<FlowKind> flows() const { return {}; }

    /// Called once, before the shards run, in the order of the list. Errors: those of `faults`.
    [[nodiscard]] virtual Result<std::unique_ptr<RunningProduct>> build(
        const Services& services) const = 0;
};

}  // namespace howl::products
