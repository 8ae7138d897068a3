// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "base/result.hpp"
#include "hub/hub.hpp"
#include "hub/topic_name.hpp"
#include "products/wisdom/quotes.hpp"
#include "runtime/shard.hpp"
#include "runtime/timer_wheel.hpp"

namespace howl::products::wisdom {

struct WisdomSettings {
    /// A quote goes out this often.
    std::chrono::milliseconds tick = std::chrono::seconds{10};
    /// A client that says nothing for this long is dropped with close code 1000.
    std::chrono::milliseconds idle_timeout = std::chrono::seconds{15};
    /// A file of quotes, as `parse_quotes` reads it; empty: the built-in ones.
    std::string quotes;
};

/// The topics that carry the quotes, in the original's language and in English; volatile.
inline constexpr std::string_view kTopic = "howl:wisdom";
inline constexpr std::string_view kEnglishTopic = "howl:wisdom/en";
[[nodiscard]] const hub::TopicName& russian_topic();
[[nodiscard]] const hub::TopicName& english_topic();

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

}  // namespace howl::products::wisdom
