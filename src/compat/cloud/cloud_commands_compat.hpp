// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "compat/cloud/cloud_commands_encoder.hpp"
#include "products/cloud/cloud_app.hpp"
#include "transport/http/router.hpp"

namespace howl::compat::cloud {

using products::cloud::CloudApp;
using products::cloud::OperationKind;

/// The cloud dashboard as the original command server speaks it (docs/protocols, cloud-commands).
///
/// ```
///   GET    ping                           {"status":"ok"}
///   POST   instances/add                  {"command":"created"}
///   POST   instances/stateChange          {"id":"<uuid>","command":"started"} or "stopped"
///   DELETE instances/delete/<id>/removed
///   GET    sse                            see CloudCommandsEncoder
/// ```
/// A command is answered at once with 200 `{"success":true}`, and every refusal with 501
/// `{"success":false}`: the one word that this protocol has for it.
///
/// Beyond the original: every stream is served, not the last one only; a page that has just been
/// opened gets the instances that are there; one that comes back gets what it missed.
/// Deliberately absent: closing the stream of a client that does not accept `text/event-stream`,
/// the header `Connection: keep-alive` (ours is the serializer's business and says `close`, since a
/// stream ends with its connection), and commands that the original took by accident.
///
/// Limits: a snapshot of 5,000 running instances fills a reader's queue of 1 MiB.
/// Owner: the server. Constant after construction, so any shard.
class CloudCommandsCompat {
public:
    /// Pages of `allowed_origins` may use it; `{"*"}` lets everyone, as the original did.
    /// `keep_alive`: the silence before a comment on a stream.
    CloudCommandsCompat(CloudApp& app, std::vector<std::string> allowed_origins,
                        std::chrono::milliseconds keep_alive = std::chrono::seconds{20});
    ~CloudCommandsCompat();

    /// `prefix` ends with `/`. The endpoint outlives the router.
    void add_routes(transport::Router& router, const std::string& prefix) const;

private:
    class ResponsePolicies;
    using Answer = runtime::Task<Result<transport::Reply>>;

    [[nodiscard]] Answer add(transport::Exchange& exchange) const;
    [[nodiscard]] Answer change_state(transport::Exchange& exchange) const;
    [[nodiscard]] Answer remove(transport::Exchange& exchange) const;
    [[nodiscard]] Answer run(ShardId shard, OperationKind kind, std::string instance_id) const;
    [[nodiscard]] Answer open_stream(transport::Exchange& exchange) const;

    CloudApp& app_;
    const std::unique_ptr<ResponsePolicies> response_policy_;
    const transport::SseStyle style_;
    const CloudCommandsEncoder encoder_;
};

}  // namespace howl::compat::cloud
