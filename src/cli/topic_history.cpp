// SPDX-License-Identifier: Apache-2.0
#include "cli/topic_history.hpp"

#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "base/limits.hpp"
#include "cli/remote.hpp"
#include "hub/topic_spelling.hpp"
#include "products/json.hpp"
#include "products/reading.hpp"

namespace howl::cli {

namespace json = boost::json;

namespace {

std::unexpected<Error> unexpected_reply(std::string_view what) {
    return fail(Errc::kSystem, "history",
                fmt::format("the server's reply is not the history of a topic: {}", what));
}

Result<std::uint64_t> number_in(const json::object& object, std::string_view member) {
    const auto number = products::whole_number_in(object, member);
    if (!number || *number < 0) {
        return unexpected_reply(member);
    }
    return static_cast<std::uint64_t>(*number);
}

/// The envelope that a stream would send.
json::object envelope_of(const json::object& event, std::string_view topic,
                         std::string_view epoch) {
    json::object envelope{{"topic", topic}, {"epoch", epoch}};
    for (const auto& member : event) {
        envelope.insert(member);
    }
    return envelope;
}

}  // namespace

struct TopicHistory::Page {
    json::object body;
    std::string cursor;
    // Views into `body`, valid also after it is moved.
    std::string_view epoch;
    std::uint64_t first_offset = 0;
    std::uint64_t last_offset = 0;
    const json::array* events = nullptr;
    bool more = false;
};

Result<TopicHistory::Page> TopicHistory::page(std::uint64_t after, std::uint64_t limit) {
    ClientRequest request;
    request.target = fmt::format("/api/topics/{}/events?format=json&after={}&limit={}",
                                 hub::spell_topic(topic_), after, limit);
    HOWL_TRY(reply, call_or_fail(client_, request));
    HOWL_TRY(body, products::parse_object(reply.body));
    Page page;
    page.body = std::move(body);
    page.cursor = std::move(reply.cursor);
    const auto epoch = products::string_in(page.body, "epoch");
    const auto* more = page.body.if_contains("more");
    const auto* events = page.body.if_contains("events");
    if (!epoch || more == nullptr || !more->is_bool() || events == nullptr || !events->is_array()) {
        return unexpected_reply("a member is missing");
    }
    HOWL_TRY(first, number_in(page.body, "firstOffset"));
    HOWL_TRY(last, number_in(page.body, "lastOffset"));
    page.epoch = *epoch;
    page.first_offset = first;
    page.last_offset = last;
    page.more = more->get_bool();
    page.events = &events->get_array();
    return page;
}

Result<std::uint64_t> TopicHistory::offset_before(WallTime since) {
    HOWL_TRY(ends, page(0, 1));
    // Every event up to `older` is older than `since`, every one after `newer` is not.
    std::uint64_t older = ends.first_offset == 0 ? 0 : ends.first_offset - 1;
    std::uint64_t newer = std::max(ends.last_offset, older);
    const auto text = products::iso_time(since);  // Texts of this form compare as their times do.
    while (older < newer) {
        const auto middle = older + (newer - older + 1) / 2;
        HOWL_TRY(one, page(middle - 1, 1));
        const auto* event = one.events->empty() ? nullptr : one.events->front().if_object();
        const auto time = event == nullptr ? std::nullopt : products::string_in(*event, "time");
        if (time && *time < text) {
            older = middle;
        } else {
            newer = middle - 1;
        }
    }
    return older;
}

Result<std::uint64_t> TopicHistory::offset_before_newest(std::uint64_t count) {
    HOWL_TRY(ends, page(0, 1));
    return ends.last_offset - std::min(ends.last_offset, count);
}

Result<TopicHistory::Reached> TopicHistory::read(std::uint64_t after, std::uint64_t count_max,
                                                 const Show& show) {
    Reached reached{.epoch = {}, .offset = after, .cursor = {}};
    std::uint64_t left = count_max == 0 ? UINT64_MAX : count_max;
    for (bool more = true; more && left > 0;) {
        HOWL_TRY(next,
                 page(reached.offset, std::min<std::uint64_t>(left, limits::kHistoryPageMax)));
        if (reached.cursor.empty()) {
            reached.cursor = next.cursor;
        }
        reached.epoch = next.epoch;
        for (const auto& event : *next.events) {
            if (!event.is_object()) {
                return unexpected_reply("an event is no object");
            }
            HOWL_TRY(offset, number_in(event.get_object(), "offset"));
            HOWL_TRY_VOID(show(envelope_of(event.get_object(), topic_, next.epoch)));
            reached.offset = offset;
            --left;
        }
        more = next.more && !next.events->empty();
    }
    return reached;
}

}  // namespace howl::cli
