// SPDX-License-Identifier: Apache-2.0
#include "server/descriptors.hpp"

#include <algorithm>
#include <sys/resource.h>

#include <fmt/format.h>

#include "runtime/shard_group.hpp"
#include "telemetry/log.hpp"

namespace howl::server {
namespace {

/// Descriptors that are none of connections: standard streams, the database with its log and
/// index for the writer and the readers, a loop, a wake-up and a timer of each shard and other
/// thread, listeners, and a connection to each broker and to DynamoDB.
std::size_t reserve_of(const Config& config) {
    constexpr std::size_t kProcess = 40;
    constexpr std::size_t kOfShard = 4;
    constexpr std::size_t kOfKafka = 64;
    const std::size_t shards =
        config.shards == 0 ? runtime::ShardGroup::usable_cores() : config.shards;
    return kProcess + shards * (kOfShard + std::max<std::size_t>(1, config.listeners.size())) +
           (config.kafka.brokers.empty() ? 0 : kOfKafka) + config.dynamodb.requests_max;
}

rlimit limit_now() {
    rlimit limit{};
    return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit : rlimit{RLIM_INFINITY, RLIM_INFINITY};
}

}  // namespace

Result<std::size_t> connections_that_fit(const Config& config) {
    constexpr std::size_t kConnectionsLeast = 8;
    const auto most = limit_now().rlim_max;
    const auto least =
        reserve_of(config) + std::min<std::size_t>(kConnectionsLeast, config.connections_max);
    if (most != RLIM_INFINITY && most < least) {
        return fail(Errc::kInvalidConfig, "descriptors",
                    fmt::format("the process may open {} files (ulimit -n), and {} are needed",
                                most, least));
    }
    return most == RLIM_INFINITY
               ? config.connections_max
               : std::min<std::size_t>(config.connections_max, most - reserve_of(config));
}

Result<void> fit_descriptors(Config& config) {
    HOWL_TRY(connections, connections_that_fit(config));
    auto limit = limit_now();
    const rlim_t wanted = connections + reserve_of(config);
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = std::min<rlim_t>(wanted, limit.rlim_max);
        if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) {
            return fail(Errc::kSystem, "descriptors", "the limit of open files can't be raised");
        }
    }
    if (connections < config.connections_max) {
        telemetry::log_warning("fewer connections than configured fit: raise ulimit -n",
                               {{"connections", connections},
                                {"configured", config.connections_max},
                                {"files", limit.rlim_max}});
        config.connections_max = connections;
    }
    return {};
}

}  // namespace howl::server
