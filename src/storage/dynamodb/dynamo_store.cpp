// SPDX-License-Identifier: Apache-2.0
#include "storage/dynamodb/dynamo_store.hpp"

#include <cstddef>
#include <string>

#include "telemetry/metrics.hpp"

namespace howl::storage::dynamodb {
namespace {

/// With the largest record a commit's events fit into an item, which DynamoDB bounds at 400 KB,
/// also where JSON and base64 make them longer.
constexpr std::size_t kEventsBytesMax = std::size_t{192} * 1024;

outbox::OutboxOptions outbox_options(const DynamoSettings& settings) {
    return {.name = "dynamodb",
            .relayed_kind = std::string{DynamoStore::kRelayedKind},
            .pending_events = telemetry::Gauge::kDynamoPending,
            .commit_time = settings.commit_time,
            .in_flight_max = settings.requests_max + settings.queue_max,
            .events_bytes_max = kEventsBytesMax};
}

}  // namespace

DynamoStore::DynamoStore(RequestLoop& loop, hub::Store& node, const hub::TopicPolicies& policies,
                         std::vector<Table> tables, const Clock& clock, Random& random,
                         const DynamoSettings& settings)
    : settings_(settings),
      calls_(loop, clock, random, settings_),
      items_(calls_, std::move(tables)),
      store_(items_, loop, node, policies, clock, random, outbox_options(settings)) {}

}  // namespace howl::storage::dynamodb
