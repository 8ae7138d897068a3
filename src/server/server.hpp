// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "server/config.hpp"

namespace howl::server {

/// A running Howl: configuration turned into objects, and the order in which they start and stop.
///
/// ```
///   Server 1---1 event logs 1---1 Sequencer 1---* (Hub, SessionGroup, ShardNetwork, Listeners) of
///   each shard
/// ```
///
/// Stopping, each step logged: listeners close, readiness says 503, sessions are told to come back,
/// what is left at the deadline is cut, the log commits what it took, the shards end.
///
/// Thread: one, which is not a shard's.
class Server {
public:
    /// Opens the store, binds the listeners and serves.
    /// Errors: `kInvalidConfig` (also: a remote address without `allow_remote`), `kSystem`, the
    /// store's.
    [[nodiscard]] static Result<std::unique_ptr<Server>> start(Config config, const Clock& clock);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    struct Bound {
        std::string address;  ///< `127.0.0.1:8080`, with the port that was given.
        std::vector<std::string> endpoints;
        std::vector<std::string> routes;  ///< As declared: `GET /api/topics/*/events`.
    };
    [[nodiscard]] const std::vector<Bound>& bound() const noexcept;

    /// Stops accepting and asks the clients to leave. Idempotent.
    void begin_drain();
    /// Connections that are still there.
    [[nodiscard]] std::size_t open_connections();
    /// Cuts what is left and ends everything. Idempotent.
    void stop();

    /// True once the store can't be trusted any more: stop, and exit with an error.
    [[nodiscard]] bool store_failed() const;

private:
    class Parts;

    explicit Server(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> parts_;
};

}  // namespace howl::server
