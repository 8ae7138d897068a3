// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include <boost/json/object.hpp>

#include "base/clock.hpp"
#include "cli/http_client.hpp"

namespace howl::cli {

/// The kept events of one topic of a server, read page by page over `?format=json`.
class TopicHistory {
public:
    /// Gets each event as its JSON envelope. An error ends the reading.
    using Show = std::function<Result<void>(const boost::json::object& envelope)>;

    /// How far a reading came.
    struct Reached {
        std::string epoch;
        std::uint64_t offset = 0;  ///< Of the newest event shown, or where the reading began.
        /// A stream that begins here misses no event that came after the reading began, and repeats
        /// those of them that were shown already.
        std::string cursor;
    };

    TopicHistory(ServerUrl server, std::string topic)
        : client_(std::move(server)), topic_(std::move(topic)) {}

    /// The offset after which the events of `since` and later begin. Times of a topic never
    /// decrease, so a binary search finds it with few requests.
    [[nodiscard]] Result<std::uint64_t> offset_before(WallTime since);
    /// The offset after which the newest `count` events begin.
    [[nodiscard]] Result<std::uint64_t> offset_before_newest(std::uint64_t count);
    /// Shows at most `count_max` events (0: all) after `after`.
    [[nodiscard]] Result<Reached> read(std::uint64_t after, std::uint64_t count_max,
                                       const Show& show);

private:
    struct Page;
    Result<Page> page(std::uint64_t after, std::uint64_t limit);

    HttpClient client_;
    const std::string topic_;
};

}  // namespace howl::cli
