// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <string_view>

#include "cli/http_client.hpp"
#include "codec/sse/parser.hpp"

namespace howl::cli {

/// What a command follows, and how long.
struct FollowOptions {
    std::string command;  ///< The prefix of its messages: `howl subscribe`.
    std::string target;   ///< Path and query of the stream.
    std::string last_event_id{};
    std::uint64_t count = 0;  ///< End after this many events; 0: never.
    bool once = false;        ///< End with the connection.
};

/// Follows an event stream over SSE, reconnects when the connection breaks, and resumes where it
/// stopped. It prints on standard error why it reconnects and when events were lost.
class EventFollower {
public:
    /// An error ends the command, which prints it.
    using Show = std::function<Result<void>(const codec::sse::EventView&)>;

    EventFollower(ServerUrl server, FollowOptions options);

    /// Blocks, and gives every event but `reset` and `hb` to `show`. Returns the command's exit
    /// status.
    [[nodiscard]] int run(const Show& show);

private:
    [[nodiscard]] bool enough() const { return options_.count > 0 && seen_ >= options_.count; }
    Result<ClientReply> follow(const Show& show);
    bool take(std::string_view body, const Show& show);
    [[nodiscard]] bool take_event(const codec::sse::EventView& event, const Show& show);
    void wait_before_retry(std::string_view why);

    const FollowOptions options_;
    HttpClient client_;
    codec::sse::Parser parser_;
    std::string last_event_id_;
    std::uint64_t seen_ = 0;
    bool failed_ = false;  ///< The command can't go on, and has printed why.
    int failures_ = 0;
    std::minstd_rand random_{std::random_device{}()};
};

}  // namespace howl::cli
