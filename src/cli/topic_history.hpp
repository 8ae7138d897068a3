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

/// What a server still has of one topic, read page by page over `?format=json`.
class TopicHistory {
public:
    /// Gets each event as its JSON envelope. An error ends the reading.
    using Show = std::function<Result<void>(const boost::json::object& envelope)>;

    /// How far a reading came.
    struct Reached {
        std::string epoch;
        std::uint64_t offset = 0;  ///< Of the newest event shown, or where the reading began.
        /// A stream that begins here misses nothing of what came after the reading began, and
        /// repeats what it had shown already of that.
        std::string cursor;
    };

    TopicHistory(ServerUrl server, std::string topic)
        : client_(std::move(server)), topic_(std::move(topic)) {}

    /// The offset behind which the events of `since` and later stand. Times of a topic never
    /// decrease, so a few requests find it in a history of any length.
    [[nodiscard]] Result<std::uint64_t> offset_before(WallTime since);
    /// The offset behind which the newest `count` events stand.
    [[nodiscard]] Result<std::uint64_t> offset_before_newest(std::uint64_t count);
    /// Shows at most `count_max` events (0: all) behind `after`.
    [[nodiscard]] Result<Reached> read(std::uint64_t after, std::uint64_t count_max,
                                       const Show& show);

private:
    struct Page;
    Result<Page> page(std::uint64_t after, std::uint64_t limit);

    HttpClient client_;
    const std::string topic_;
};

}  // namespace howl::cli
