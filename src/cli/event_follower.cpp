// SPDX-License-Identifier: Apache-2.0
#include "cli/event_follower.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "cli/output.hpp"

namespace howl::cli {

EventFollower::EventFollower(ServerUrl server, FollowOptions options)
    : options_(std::move(options)),
      client_(std::move(server)),
      last_event_id_(options_.last_event_id) {}

int EventFollower::run(const Show& show) {
    while (true) {
        const auto reply = follow(show);
        if (failed_ || enough()) {
            return failed_ ? kFailed : kDone;
        }
        if (reply && reply->status != 200 && reply->status != 503) {
            return fail_with(options_.command, describe_problem(*reply));
        }
        const auto why = reply ? std::string{"the stream ended"} : user_text_of(reply.error());
        if (options_.once) {
            return fail_with(options_.command, why, reply ? kDone : kFailed);
        }
        wait_before_retry(why);
    }
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
            print_error(options_.command, user_text_of(event.error()));
            return false;
        }
        last_event_id_ = parser_.last_event_id();
        if (!*event) {
            return true;
        }
        if (!take_event(**event, show)) {
            return false;
        }
    }
    return false;
}

bool EventFollower::take_event(const codec::sse::EventView& event, const Show& show) {
    if (event.type == "reset") {
        print_error(options_.command, fmt::format("events were lost: {}", event.data));
        return true;
    }
    if (event.type == "hb" || event.type == "drain") {
        return true;  // Heartbeats for pages; nothing to show.
    }
    ++seen_;
    const auto shown = show(event);
    if (!shown) {
        print_error(options_.command, user_text_of(shown.error()));
        failed_ = true;
    }
    return shown.has_value();
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
    print_error(options_.command, fmt::format("{}; again in {} ms", why, wait.count()));
    std::this_thread::sleep_for(wait);
}

}  // namespace howl::cli
