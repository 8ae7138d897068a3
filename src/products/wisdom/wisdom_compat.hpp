// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "hub/hub.hpp"
#include "products/wisdom/quotes.hpp"
#include "runtime/shard.hpp"
#include "runtime/timer_wheel.hpp"
#include "transport/http/router.hpp"

namespace howl::products::wisdom {

struct WisdomSettings {
    /// A quote goes out this often.
    std::chrono::milliseconds tick = std::chrono::seconds{10};
    /// A client that says nothing for this long is dropped with close code 1000.
    std::chrono::milliseconds idle_timeout = std::chrono::seconds{15};
};

/// The topics that carry the quotes, in the original's language and in English; volatile.
inline constexpr std::string_view kTopic = "howl:wisdom";
inline constexpr std::string_view kEnglishTopic = "howl:wisdom/en";

/// Publishes a random quote of each language at every tick, whoever listens: a slow client can't
/// delay it.
/// Thread: the hub's shard.
class QuoteTicker {
public:
    QuoteTicker(hub::Hub& hub, Random& random, Quotes quotes, std::chrono::milliseconds tick);

    void start() { publish(); }
    void stop() { timer_.disarm(); }

private:
    void publish();
    [[nodiscard]] const std::string& any_of(const std::vector<std::string>& quotes);

    // Constant after construction.
    hub::Hub& hub_;
    Random& random_;
    const Quotes quotes_;
    const std::chrono::milliseconds tick_;
    // Shard-local state.
    [[no_unique_address]] runtime::ShardCheck here_;
    runtime::MemberTimer<QuoteTicker, &QuoteTicker::publish> timer_;
};

/// The wolf-wisdom broadcast (docs/protocols): WebSocket messages
/// `{"type":...,"payload":{...}}`.
///
/// Follows the contract of its documentation, which is stricter than the original server: only a
/// client that is connected **and** subscribed gets quotes. They are in the original's language,
/// Russian, since its clients can't ask for another; `?lang=` with any other tag (BCP 47) gets the
/// English ones.
///
/// ```
///   GET {prefix}connect    WebSocket
///   GET /undefined         the same, for the original's page, which never sets its path
///   GET /                  a page that speaks it, as the original has one; /static/... is its rest
/// ```
/// The last two where the prefix is `/`, on the original's port.
class WisdomCompat {
public:
    explicit WisdomCompat(WisdomSettings settings) : settings_(settings) {}

    /// The endpoint and `response_policy` outlive the router.
    void add_routes(transport::Router& router, const transport::ResponsePolicy& response_policy,
                    const std::string& prefix) const;

private:
    const WisdomSettings settings_;
};

/// The files `page.html`, `page.css` and `page.js` as they were when the program was built.
[[nodiscard]] std::string_view page_text();
[[nodiscard]] std::string_view page_style();
[[nodiscard]] std::string_view page_script();

/// A JSON text in which everything but ASCII is written `\uXXXX`, as the original's is.
/// Requires: `text` is valid UTF-8.
[[nodiscard]] std::string ascii_json(std::string_view text);

}  // namespace howl::products::wisdom
