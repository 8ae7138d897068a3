// SPDX-License-Identifier: Apache-2.0
#include "products/chat/history.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <ranges>
#include <utility>

#include "base/limits.hpp"

namespace howl::products::chat {
namespace {

using Done = std::move_only_function<void(Result<MessagePage>)>;

/// Where the page ends instead, if `found` shows that it ends too far up to be the whole answer.
std::optional<Offset> true_end(const HistoryQuery& query, const hub::HistoryPage& found) {
    const Offset end = found.last_offset.next();
    if (end < query.before) {
        return end;
    }
    const auto later = std::ranges::upper_bound(found.events, query.through, {},
                                                [](const auto& event) { return event->sequence; });
    if (later != found.events.end() && (*later)->offset < query.before) {
        return (*later)->offset;
    }
    return std::nullopt;
}

/// Leaves the newest of `events`, as many as go into one page.
void cut_bytes(std::vector<hub::EventRef>& events, std::size_t bytes_max) {
    std::size_t bytes = 0;
    const auto fits = [&](const hub::EventRef& event) {
        bytes += event->data.size();
        return bytes <= bytes_max || event == events.back();
    };
    const auto too_old = std::ranges::find_if_not(events | std::views::reverse, fits);
    events.erase(events.begin(), too_old.base());
}

MessagePage page_of(const HistoryQuery& query, hub::HistoryPage found) {
    std::erase_if(found.events, [&](const auto& event) { return event->offset >= query.before; });
    cut_bytes(found.events, query.bytes_max);
    MessagePage page{.events = std::move(found.events)};
    if (!page.events.empty() && found.first_retained < page.events.front()->offset) {
        page.older = MessagePage::Older::kSome;
    }
    return page;
}

/// A page is cut from behind where its bytes are too many; then it lacks the newest.
bool is_cut(const HistoryQuery& query, const hub::HistoryPage& found) {
    return !found.events.empty() && found.events.size() < query.limit &&
           found.events.back()->offset.next() < query.before &&
           found.events.back()->offset < found.last_offset;
}

/// Offsets have no holes, so a page that begins `limit` below its end is full. Where the end lies
/// is learned on the way; each step moves it down.
void find_page(hub::Hub& hub, const access::Principal& who, HistoryQuery query, Done done) {
    const auto end = std::max<std::uint64_t>(query.before.value(), 1) - 1;
    const Offset after{end - std::min(end, query.limit)};
    const auto topic = messages_topic(query.room);
    const auto limit = static_cast<std::size_t>(query.limit);
    auto on_found = [&hub, who, query = std::move(query),
                     done = std::move(done)](Result<hub::Sequencer::History> found) mutable {
        if (!found) {
            done(std::unexpected(std::move(found).error()));
        } else if (const auto before = true_end(query, found->page)) {
            query.before = *before;
            find_page(hub, who, std::move(query), std::move(done));
        } else if (is_cut(query, found->page)) {
            query.limit = found->page.events.size();
            find_page(hub, who, std::move(query), std::move(done));
        } else {
            done(page_of(query, std::move(found->page)));
        }
    };
    hub.gate().history(who, topic, after, limit, std::move(on_found));
}

}  // namespace

runtime::Task<Result<MessagePage>> messages_of(hub::Hub& hub, const access::Principal& who,
                                               HistoryQuery query) {
    auto start = [&hub, who, query = std::move(query)](auto done) mutable {
        find_page(hub, who, std::move(query), std::move(done));
    };
    return runtime::completion_of<Result<MessagePage>>(std::move(start));
}

}  // namespace howl::products::chat
