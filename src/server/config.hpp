// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.hpp"
#include "base/result.hpp"
#include "broker/kafka/settings.hpp"
#include "hub/topic_policy.hpp"
#include "products/settings.hpp"
#include "server/config_fault.hpp"
#include "storage/dynamodb/settings.hpp"
#include "telemetry/log.hpp"
#include "transport/settings.hpp"

namespace howl::server {

/// One endpoint on one listener.
struct EndpointConfig {
    std::string name;
    std::string prefix{};  ///< Empty: the endpoint's usual place.
    /// Of an original server's endpoint: pages that may use it beside `Config::allowed_origins`.
    std::vector<std::string> allowed_origins{};
};

struct ListenerConfig {
    std::string address;  ///< `HOST:PORT`; port 0 takes a free one.
    std::vector<EndpointConfig> endpoints;
};

/// Whether listening beyond loopback without authentication is wanted (README, promise 5).
enum class RemoteAccess : std::uint8_t { kRefused, kAllowed };

/// A data directory that is none: what is stored lives as long as the process.
inline constexpr std::string_view kMemoryDataDir = ":memory:";

/// What Kafka's settings are where the operator names no sources: those of the products' flows.
[[nodiscard]] broker::kafka::KafkaSettings usual_kafka();

/// Everything an operator may choose. Each setting's default, unit and meaning stand in
/// `settings.def` and with the products, from which the example file is written.
struct Config {
    std::vector<ListenerConfig> listeners;  ///< Empty: `default_listener`.
    std::string data_dir = "data";          ///< `:memory:` keeps nothing.
    std::uint64_t shards = 0;               ///< 0: the cores the process may use.
    bool allow_remote = false;
    std::vector<std::string> allowed_origins;
    std::vector<std::string> hosts;
    bool list_topics = true;
    telemetry::LogFormat log_format = telemetry::LogFormat::kText;
    telemetry::LogLevel log_level = telemetry::LogLevel::kInfo;
    std::uint64_t connections_max = limits::kConnectionsMax;
    std::uint64_t window_bytes_max = limits::kWindowBytesMax;
    std::uint64_t topics_max = limits::kTopicsMax;
    std::uint64_t idempotency_keys_max = limits::kIdempotencyKeysMax;
    std::uint64_t idempotency_keys_per_address_max = limits::kIdempotencyKeysPerPublisherMax;
    std::chrono::milliseconds drain_time = limits::kDrainTime;
    transport::TransportSettings transport;
    broker::kafka::KafkaSettings kafka = usual_kafka();
    storage::dynamodb::DynamoSettings dynamodb;
    std::vector<hub::TopicPolicies::Rule> topics;
    std::uint64_t address_share_percent = limits::kAddressSharePercent;
    std::uint64_t output_bytes_max = limits::kOutputBytesMax;
    products::ProductSettings products;
    SettingPlaces places;  ///< Where all this was given.

    /// The settings of one product: `config.of<chat::ChatSettings>()`.
    template <class T>
    [[nodiscard]] T& of() {
        return products.of<T>();
    }
    template <class T>
    [[nodiscard]] const T& of() const {
        return products.of<T>();
    }
};

/// A configuration, and what is wrong with its text: syntax, unknown keys, wrong types, values out
/// of range, names of endpoints that do not exist. A setting with a fault keeps its default.
struct ReadConfig {
    Config config;
    ConfigFaults faults;
};

/// Reads a TOML text over the defaults. `source` names it in messages.
[[nodiscard]] ReadConfig read_config(std::string_view toml, std::string_view source);
/// Errors: those of `read_file`.
[[nodiscard]] Result<ReadConfig> read_config_file(const std::filesystem::path& file);

/// The same for who takes no faults.
/// Errors: `kInvalidConfig`; the detail is a line for each fault.
[[nodiscard]] Result<Config> parse_config(std::string_view toml, std::string_view source);
/// Errors: also those of `read_file`.
[[nodiscard]] Result<Config> load_config(const std::filesystem::path& file);

/// Everything on one address.
[[nodiscard]] ListenerConfig default_listener(std::string address);
/// Adds the ports of the original servers, with the endpoints that speak their protocols. They let
/// pages of every origin in, as the originals did. Of those that take WebSocket on any path only
/// the one that is named `any_path`; empty: none.
void add_compat_listeners(Config& config, std::string_view any_path);

/// `howl.example.toml`: every setting with its default, commented out.
[[nodiscard]] std::string example_config();

/// `250ms`, `10s`, `5m`, `24h`, `7d`. Errors: `kInvalidConfig`.
[[nodiscard]] Result<std::chrono::milliseconds> parse_duration(std::string_view text);
[[nodiscard]] std::string format_duration(std::chrono::milliseconds duration);

}  // namespace howl::server
