// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <boost/json/object.hpp>

#include "base/result.hpp"
#include "codec/http/request.hpp"
#include "hub/event.hpp"
#include "hub/event_log.hpp"
#include "hub/hub.hpp"
#include "runtime/task.hpp"

namespace howl::apps {

/// Publishes one event; completes when it is committed and its readers on this shard have it
/// queued. Errors: `hub::EventLog::append`.
[[nodiscard]] runtime::Task<Result<hub::Receipt>> publish(hub::Hub& hub, hub::NewEvent event);

/// `{"topic","epoch","offset"}`: what a publisher is told.
[[nodiscard]] boost::json::object receipt_json(hub::Hub& hub, const hub::Receipt& receipt);
/// 201, or 200 where the key was seen before with the same event.
[[nodiscard]] std::uint16_t status_of(const hub::Receipt& receipt);

/// The header `Idempotency-Key`; empty: there is none. Errors: `kInvalidIdempotencyKey`, also for
/// one that is there and empty.
[[nodiscard]] Result<std::string> idempotency_key_of(const codec::http::Request& request);

}  // namespace howl::apps
