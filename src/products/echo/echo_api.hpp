// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "transport/http/router.hpp"

namespace howl::products::echo {

struct EchoSettings {
    /// Whether the endpoint is there.
    bool echo = false;
};

/// `/compat/echo`: a WebSocket that sends every message back, for conformance suites. Off unless
/// the configuration says `[endpoints] echo = true`. `response_policy` outlives the router.
void add_routes(transport::Router& router, const transport::ResponsePolicy& response_policy);

}  // namespace howl::products::echo
