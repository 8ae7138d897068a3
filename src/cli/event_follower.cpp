// SPDX-License-Identifier: Apache-2.0
#include "cli/event_follower.hpp"

#include <algorithm>
#include <cstdio>
#include <thread>
#include <utility>

#include <fmt/format.h>

namespace howl::cli {

EventFollower::EventFollower(ServerUrl server, FollowOptions options)
    : options_(std::move(options)),
      client_(std::move(server)),
      last_event_id_(options_.last_event_id) {}

int EventFollower::run(const Show& show) {
    while (true) {
        const auto reply = follow(show);
        if (enough()) {
            return 0;
        }
        if (reply && reply->status != 200 && reply->status != 503) {
            say(describe_problem(*reply));
            return 1;
        }
        const auto why = reply ? std::string{"the stream ended"} : reply.error().describe();
        if (options_.once) {
            say(why);
            return reply ? 0 : 1;
        }
        wait_before_retry(why);
    }
}

void EventFollower::say(std::string_view text) const {
    fmt::print(stderr, "{}: {}\n", options_.command, text);
}

Result<ClientReply> EventFollower::follow(const Show& show) {
    ClientRequest request;
    request.target = options_.target;
    request.headers.emplace_back("Accept", "text/event-stream");
    if (!last_event_id_.empty()) {
        request.headers.emplace_back("Last-Event-ID", last_event_id_);
    }
    parser_.start_stream();
    return client_.stream(request, [&](std::string_view body) { return take(body, show); });
}

bool EventFollower::take(std::string_view body, const Show& show) {
    failures_ = 0;
    while (!enough()) {
        const auto event = parser_.next(body);
        if (!event) {
            say(event.error().describe());
            return false;
        }
        last_event_id_ = parser_.last_event_id();
        if (!*event) {
            return true;
        }
        if ((*event)->type == "reset") {
            say(fmt::format("events were lost: {}", (*event)->data));
            continue;
        }
        if ((*event)->type == "hb") {
            continue;  // A sign of life for pages; it has kept the connection as it should.
        }
        ++seen_;
        show(**event);
        std::fflush(stdout);
    }
    return false;
}

void EventFollower::wait_before_retry(std::string_view why) {
    using std::chrono::milliseconds;
    constexpr milliseconds kLeast{250};
    constexpr milliseconds kMost{10'000};
    const auto longest = std::min(kMost, kLeast * (1 << std::min(failures_++, 6)));
    const auto asked = parser_.retry().value_or(milliseconds{0});
    const milliseconds jitter{
        static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(longest.count()))};
    const auto wait = std::min(kMost, std::max(asked, kLeast) + jitter);
    say(fmt::format("{}; again in {} ms", why, wait.count()));
    std::this_thread::sleep_for(wait);
}

}  // namespace howl::cli
