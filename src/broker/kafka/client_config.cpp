// SPDX-License-Identifier: Apache-2.0
#include "broker/kafka/client_config.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <sstream>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/file.hpp"
#include "broker/kafka/producer.hpp"

namespace howl::broker::kafka {
namespace {

using Conf = std::unique_ptr<RdKafka::Conf>;

struct Property {
    std::string_view name;
    std::string value;
};

/// What Howl's promises depend on, and what the configuration file sets by keys of its own.
constexpr std::array<std::string_view, 14> kOwned{"acks",
                                                  "auto.offset.reset",
                                                  "bootstrap.servers",
                                                  "delivery.timeout.ms",
                                                  "enable.auto.commit",
                                                  "enable.auto.offset.store",
                                                  "enable.idempotence",
                                                  "enable.partition.eof",
                                                  "group.id",
                                                  "message.timeout.ms",
                                                  "metadata.broker.list",
                                                  "partition.assignment.strategy",
                                                  "request.required.acks",
                                                  "statistics.interval.ms"};

Result<void> set(RdKafka::Conf& conf, const Property& property) {
    std::string problem;  // Never shown: it may repeat the value.
    if (conf.set(std::string{property.name}, property.value, problem) != RdKafka::Conf::CONF_OK) {
        return fail(Errc::kInvalidConfig, "kafka",
                    fmt::format("librdkafka does not take this for '{}'", property.name));
    }
    return {};
}

Result<void> set_all(RdKafka::Conf& conf, std::initializer_list<Property> properties) {
    for (const auto& property : properties) {
        HOWL_TRY_VOID(set(conf, property));
    }
    return {};
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r";
    const auto first = text.find_first_not_of(kBlank);
    return first == std::string_view::npos
               ? std::string_view{}
               : text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

Result<void> apply_line(RdKafka::Conf& conf, std::string_view line) {
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) {
        return fail(Errc::kInvalidConfig, "kafka", "expected name=value");
    }
    const auto name = trimmed(line.substr(0, equals));
    if (std::ranges::binary_search(kOwned, name)) {
        return fail(Errc::kInvalidConfig, "kafka", fmt::format("'{}' is Howl's own", name));
    }
    return set(conf, {name, std::string{trimmed(line.substr(equals + 1))}});
}

/// Lines that are empty or begin with '#' are ignored.
Result<void> apply_file(RdKafka::Conf& conf, const std::string& path) {
    HOWL_TRY(text, read_file(path));
    std::istringstream lines{text};
    std::string untrimmed;
    for (std::size_t number = 1; std::getline(lines, untrimmed); ++number) {
        const auto line = trimmed(untrimmed);
        if (line.empty() || line.front() == '#') {
            continue;
        }
        if (const auto applied = apply_line(conf, line); !applied) {
            return fail(Errc::kInvalidConfig, "kafka.properties_file",
                        fmt::format("{}:{}: {}", path, number, applied.error().detail));
        }
    }
    return {};
}

/// A broker is tried again after 1 s, 2 s and then every 3 s: few connects to one that starts, and
/// a short wait once it is up.
Result<Conf> common_config(const KafkaSettings& settings) {
    Conf conf{RdKafka::Conf::create(RdKafka::Conf::CONF_GLOBAL)};
    HOWL_TRY_VOID(set_all(*conf, {{"bootstrap.servers", settings.brokers},
                                  {"client.id", "howl"},
                                  {"reconnect.backoff.ms", "1300"},
                                  {"reconnect.backoff.max.ms", "3000"},
                                  // A broker that hangs must not delay our shutdown for a minute.
                                  {"socket.timeout.ms", "10000"},
                                  {"topic.metadata.refresh.interval.ms", "5000"},
                                  // They show when an outage has ended.
                                  {"statistics.interval.ms", "1000"},
                                  {"log.connection.close", "false"}}));
    return conf;
}

Result<Conf> with_properties_file(Conf conf, const KafkaSettings& settings) {
    if (!settings.properties_file.empty()) {
        HOWL_TRY_VOID(apply_file(*conf, settings.properties_file));
    }
    return conf;
}

}  // namespace

Result<Conf> consumer_config(const KafkaSettings& settings) {
    HOWL_TRY(conf, common_config(settings));
    HOWL_TRY_VOID(
        set_all(*conf, {{"group.id", settings.group},
                        {"enable.auto.commit", "false"},
                        {"enable.auto.offset.store", "false"},
                        {"auto.offset.reset", "earliest"},
                        {"enable.partition.eof", "false"},
                        {"partition.assignment.strategy", "range,roundrobin"},
                        // As in the original demo: the group replaces a killed node after 6 s.
                        {"session.timeout.ms", "6000"},
                        {"heartbeat.interval.ms", "2000"},
                        {"allow.auto.create.topics", "true"},
                        // Read-ahead: about a second of the fastest source.
                        {"queued.min.messages", "20000"},
                        {"queued.max.messages.kbytes", "16384"},
                        {"fetch.wait.max.ms", "100"}}));
    return with_properties_file(std::move(conf), settings);
}

Result<Conf> producer_config(const KafkaSettings& settings) {
    HOWL_TRY(conf, common_config(settings));
    HOWL_TRY_VOID(
        set_all(*conf, {{"acks", "all"},
                        {"enable.idempotence", "true"},
                        {"message.timeout.ms", fmt::to_string(settings.write_time.count())},
                        {"linger.ms", "1"},
                        {"queue.buffering.max.messages", fmt::to_string(Producer::kRecordsMax)},
                        {"queue.buffering.max.kbytes", fmt::to_string(Producer::kKilobytesMax)},
                        // The brokers' own limit decides, not ours.
                        {"message.max.bytes", fmt::to_string(16 * 1024 * 1024)}}));
    return with_properties_file(std::move(conf), settings);
}

Result<void> check_clients(const KafkaSettings& settings) {
    if (settings.group.empty()) {
        return fail(Errc::kInvalidConfig, "kafka", "kafka.group is empty");
    }
    HOWL_TRY(consumer, consumer_config(settings));
    HOWL_TRY(producer, producer_config(settings));
    return {};
}

}  // namespace howl::broker::kafka
