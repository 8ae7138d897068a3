// SPDX-License-Identifier: Apache-2.0
#include "products/topics/topic_list.hpp"

#include <algorithm>
#include <utility>

#include <boost/json/string.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "base/limits.hpp"
#include "codec/json_text.hpp"
#include "hub/hub.hpp"
#include "hub/topic_name.hpp"
#include "products/reading.hpp"
#include "products/topics/topics_api.hpp"
#include "products/turns.hpp"

namespace howl::products::topics {

using codec::http::Response;
using runtime::Task;
using transport::Exchange;
using transport::Reply;

namespace {

std::string entry_of(const hub::ListedTopic& listed) {
    const boost::json::string name{listed.topic.text()};
    return fmt::format(R"({{"topic":{},"lane":"{}","lastOffset":{}}})", codec::json_text(name),
                       listed.lane == hub::Lane::kDurable ? "durable" : "volatile",
                       listed.last_offset.value());
}

constexpr std::size_t kEntryBytesLikely = 128;

Task<Result<Reply>> list(Exchange& exchange, TopicListing listing) {
    if (listing == TopicListing::kOff) {
        co_return fail(Errc::kTopicsNotListed, "list topics");
    }
    const auto& request = exchange.request;
    HOWL_CO_TRY(limit, query_number(request, "limit", 100, 1, limits::kHistoryPageMax));
    TopicPage page;
    page.prefix = request.query_value("prefix").value_or("");
    page.after = request.query_value("after").value_or("");
    page.limit = limit;
    HOWL_CO_TRY(text,
                co_await topic_list_text(exchange.hub(), exchange.principal, std::move(page)));
    co_return Response::json(200, std::move(text));
}

}  // namespace

Task<Result<std::string>> topic_list_text(hub::Hub& hub, access::Principal who, TopicPage page) {
    HOWL_CO_TRY(memory, hub::OutputMemory::reserve(page.limit * kEntryBytesLikely, "list topics"));
    std::string entries;
    std::uint64_t shown = 0;
    for (;;) {
        const hub::TopicRange rest{
            .prefix = page.prefix, .after = page.after, .except = hub::kReservedPrefix};
        // One more than the page shows says whether there are more.
        const auto wanted = std::min<std::uint64_t>(kThingsPerTurnMax, page.limit - shown + 1);
        auto step = hub.gate().list_topics(who, rest, wanted);
        for (const auto& listed : step.topics) {
            const auto entry = entry_of(listed);
            const bool is_full = entries.size() + entry.size() > limits::kPageBytesMax;
            if (shown == page.limit || is_full) {
                co_return "{\"topics\":[" + entries + "],\"more\":true}";
            }
            entries += shown++ == 0 ? "" : ",";
            entries += entry;
        }
        if (step.complete) {
            co_return "{\"topics\":[" + entries + "],\"more\":false}";
        }
        page.after = std::move(step.reached);
        co_await next_turn(hub.shard());
    }
}

void add_list_route(transport::Router& router, const transport::ResponsePolicy& response_policy,
                    TopicListing listing) {
    const auto list_topics = [listing](Exchange& exchange) { return list(exchange, listing); };
    router.add(codec::http::Method::kGet, "/api/topics", response_policy, list_topics);
}

}  // namespace howl::products::topics
