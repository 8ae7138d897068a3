// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transport/http/router.hpp"

namespace howl::apps::echo {

/// `/compat/echo`: a WebSocket that sends every message back, for conformance suites. Off unless
/// the configuration says `[doors] echo = true`. `manners` outlives the router.
void add_routes(transport::Router& router, const transport::DoorManners& manners);

}  // namespace howl::apps::echo
