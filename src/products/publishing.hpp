// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "codec/http/request.hpp"
#include "hub/event.hpp"
#include "hub/event_log.hpp"
#include "hub/hub.hpp"
#include "runtime/task.hpp"

namespace howl::products {

/// Publishes one event; completes when it is committed and its readers on this shard have it
/// queued. Errors: `hub::Gate::publish`.
[[nodiscard]] runtime::Task<Result<hub::Receipt>> publish(hub::Hub& hub, access::Principal who,
                                                          hub::NewEvent event);

/// The same for one event in the topics of `also` too; the receipts are of the copies, its own
/// first.
[[nodiscard]] runtime::Task<Result<hub::Receipts>> publish(hub::Hub& hub, access::Principal who,
                                                           hub::NewEvent event,
                                                           std::vector<hub::TopicName> also);

/// `{"topic","epoch","offset"}`: what a publisher is told.
[[nodiscard]] boost::json::object receipt_json(hub::Hub& hub, const hub::Receipt& receipt);
/// 201, or 200 where the key was seen before with the same event.
[[nodiscard]] std::uint16_t status_of(const hub::Receipt& receipt);

/// The header `Idempotency-Key`; empty: there is none. Errors: `kInvalidIdempotencyKey`, also for
/// one that is there and empty.
[[nodiscard]] Result<std::string> idempotency_key_of(const codec::http::Request& request);

/// Who answers for what comes from this address: its network (`transport::network_of`). Once people
/// log in, their name takes the address's place.
[[nodiscard]] PublisherId publisher_at(std::string_view address);

}  // namespace howl::products
