// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hub/subscriber_counts.hpp"
#include "transport/http/router.hpp"

namespace howl::products::inbox {

/// `POST /api/inbox/{user}/messages`: the body is a message to a user of `/v3`; 201
/// `{"topic","epoch","offset","sessions"}`.
///
/// Beyond `POST /v3/message` it takes an `Idempotency-Key` and tells where the message stands and
/// how many streams read the user's topic once it is stored, so that a page can say whether anybody
/// was there. Reading is `/api/events` with the topic, as of any.
/// The references outlive the router.
void add_api_routes(transport::Router& router, const transport::ResponsePolicy& response_policy,
                    const hub::SubscriberCounts& subscribers);

}  // namespace howl::products::inbox
