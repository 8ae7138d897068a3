// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/limits.hpp"
#include "compat/express_response_policy.hpp"
#include "products/cloud/cloud_app.hpp"
#include "transport/http/router.hpp"

namespace howl::compat::cloud {

using products::cloud::CloudApp;

/// The cloud dashboard as the original toggle server speaks it (docs/protocols, cloud-toggle).
///
/// ```
///   GET    (root)             {"data":[{"id":"<uuid>","state":"stopped"}]}
///   POST   (root)             201 {"status":"OK"}; the instance is there 10 s later
///   DELETE ?id=<uuid>         200 {"status":"OK"}, at once; 404 {"message":"Instance not found"}
///   DELETE <uuid>             the same, as the original's text has it
///   GET    sse                see CloudToggleEncoder
///   WebSocket on any path     "connection", then [{"id":"<uuid>","state":"running"}] for every
///                             change; {"id":"<uuid>"} from a client starts what is stopped and
///                             stops what runs, at once
/// ```
/// Beyond the original: a client that says `"action":"start"` or `"stop"` gets just that, so that
/// two who click "start" at the same time don't cancel each other out; what can't be done is told
/// to its sender alone, with the state as it is, or `[]` where there is no such instance.
///
/// Limits: `kClicksMax` for each socket.
/// Owner: the server. Constant after construction, so any shard.
class CloudToggleCompat {
public:
    /// Messages of one socket that wait for their turn, the one in work included. Reached: the
    /// message is answered with `[]`.
    static constexpr std::size_t kClicksMax = 16;

    /// Pages of `allowed_origins` may use it; `{"*"}` lets everyone, as the original did.
    /// `heartbeat`: the silence before a comment on a stream; the original had none.
    CloudToggleCompat(CloudApp& app, std::vector<std::string> allowed_origins,
                      std::chrono::milliseconds heartbeat = limits::kSseHeartbeat);

    /// `prefix` ends with `/`, and is also served without it. The endpoint outlives the router.
    void add_routes(transport::Router& router, const std::string& prefix) const;

private:
    using Answer = runtime::Task<Result<transport::Reply>>;

    void add_root(transport::Router& router, const std::string& path) const;
    [[nodiscard]] Answer list(transport::Exchange& exchange) const;
    [[nodiscard]] Answer create(transport::Exchange& exchange) const;
    [[nodiscard]] Answer remove(ShardId shard, std::string instance_id) const;
    [[nodiscard]] Result<transport::Reply> open_stream(const transport::Exchange& exchange) const;
    [[nodiscard]] Result<transport::Reply> open_socket(const transport::Exchange& exchange) const;

    CloudApp& app_;
    const ExpressResponsePolicy response_policy_;
    const transport::SseStyle style_;
};

}  // namespace howl::compat::cloud
