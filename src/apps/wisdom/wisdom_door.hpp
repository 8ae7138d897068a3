// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "hub/hub.hpp"
#include "runtime/timer_wheel.hpp"
#include "transport/http/router.hpp"

namespace howl::apps::wisdom {

struct WisdomSettings {
    /// A quote goes out this often.
    std::chrono::milliseconds tick = std::chrono::seconds{10};
    /// A client that says nothing for this long is dropped with close code 1000.
    std::chrono::milliseconds idle_timeout = std::chrono::seconds{15};
};

/// The topic that carries the quotes; volatile.
inline constexpr std::string_view kTopic = "howl:wisdom";

/// Publishes a random quote at every tick, whoever listens: a slow client can't delay it.
/// Thread: the hub's shard.
class QuoteTicker {
public:
    QuoteTicker(hub::Hub& hub, Random& random, std::vector<std::string> quotes,
                std::chrono::milliseconds tick);

    void start() { publish(); }
    void stop() { timer_.disarm(); }

private:
    void publish();

    hub::Hub& hub_;
    Random& random_;
    const std::vector<std::string> quotes_;
    const std::chrono::milliseconds tick_;
    runtime::MemberTimer<QuoteTicker, &QuoteTicker::publish> timer_;
};

/// The wolf-wisdom broadcast (seed document 004; protocols part 2, section 5): WebSocket messages
/// `{"type":...,"payload":{...}}`.
///
/// Follows the document's contract, which is stricter than the original server: only a client that
/// is connected **and** subscribed gets quotes. Routes: `{prefix}connect`, and `{prefix}undefined`
/// where the original page, which never sets its path, is to work unchanged.
class WisdomDoor {
public:
    explicit WisdomDoor(WisdomSettings settings) : settings_(settings) {}

    /// The door and `manners` outlive the router.
    void add_routes(transport::Router& router, const transport::DoorManners& manners,
                    const std::string& prefix) const;

private:
    const WisdomSettings settings_;
};

/// A JSON text in which everything but ASCII is written `\uXXXX`, as the original's is.
/// Requires: `text` is valid UTF-8.
[[nodiscard]] std::string ascii_json(std::string_view text);

}  // namespace howl::apps::wisdom
