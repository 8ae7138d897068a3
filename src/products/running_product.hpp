// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "broker/flow.hpp"
#include "transport/http/router.hpp"

namespace howl::products {

/// One place in which an endpoint stands.
struct EndpointPlace {
    std::string_view name;
    std::string prefix;                ///< Begins and ends with `/`; empty: its fixed places.
    std::vector<std::string> origins;  ///< Of the pages that may use it.
};

/// A product at work: built with the server, gone with it (port).
///
/// Its routes are added before the listeners serve, so what they refer to is constant or
/// shard-local state of its own. Thread: the server's, which is not a shard's.
class RunningProduct {
public:
    virtual ~RunningProduct() = default;

    /// What it adds to the endpoint `api`. It outlives the router; so below.
    virtual void add_api_routes(transport::Router& /*router*/) {}
    /// What it adds to the endpoint `portal`.
    virtual void add_portal_routes(transport::Router& /*router*/) {}
    /// What it adds to every listener.
    virtual void add_common_routes(transport::Router& /*router*/) {}
    /// Opens an endpoint of `Product::endpoints` in one more place.
    virtual void open_endpoint(transport::Router& /*router*/, EndpointPlace /*place*/) {}
    /// Reads one more source by a flow of `Product::flows`; called before the endpoints open. Null:
    /// it has no such flow.
    [[nodiscard]] virtual std::unique_ptr<broker::RecordFlow> make_flow(
        std::string_view /*flow*/, const broker::SourceLink& /*source*/) {
        return nullptr;
    }

    /// Reads what is stored and begins; returns when it is ready. Errors: the store's.
    /// Requires: shards and log run, nobody connects yet.
    [[nodiscard]] virtual Result<void> start() { return {}; }
    /// From here on it is the server that goes, not those who are connected. Idempotent.
    virtual void begin_drain() {}
    /// Ends what is in work; it goes on after the next start. Idempotent.
    /// Requires: shards run.
    virtual void stop() { begin_drain(); }
};

}  // namespace howl::products
