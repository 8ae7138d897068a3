// SPDX-License-Identifier: Apache-2.0
#include "products/topics/history_page.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/limits.hpp"
#include "products/reading.hpp"
#include "products/topics/event_encoders.hpp"
#include "products/turns.hpp"

namespace howl::products::topics {

namespace json = boost::json;

namespace {

/// Text that is written in one turn of the shard, at about 1 ms for each 256 KiB.
constexpr std::size_t kTurnBytesMax = std::size_t{128} * 1024;

std::string entry_of_page(const hub::Event& event) {
    json::object entry{
        {"offset", event.offset.value()},
        {"type", event.type.empty() ? std::string{"message"} : event.type},
        {"time", iso_time(event.time)},
    };
    add_data(entry, event);
    if (!event.content_type.empty()) {
        entry["contentType"] = event.content_type;
    }
    return json::serialize(entry);
}

/// What the text of `events` takes, if JSON makes them no longer.
std::size_t likely_bytes(std::span<const hub::EventRef> events) {
    constexpr std::size_t kBytesAroundData = 128;
    std::size_t bytes = 0;
    for (const auto& event : events) {
        bytes += event->data.size() + kBytesAroundData;
    }
    return std::min(bytes, limits::kPageBytesMax);
}

/// The page without its last bracket, up to where the events stand.
std::string head_of_page(const hub::TopicName& topic, const hub::Sequencer::History& history,
                         Offset last_shown) {
    const auto& page = history.page;
    json::object out{
        {"topic", topic.text()},
        {"epoch", history.epoch.value()},
        {"firstOffset", page.first_retained.value()},
        {"lastOffset", page.last_offset.value()},
        {"more", !page.events.empty() && last_shown < page.last_offset},
    };
    if (!page.missing.empty()) {
        json::array missing;
        for (const auto offset : page.missing) {
            missing.emplace_back(offset.value());
        }
        out["missing"] = std::move(missing);
    }
    auto text = json::serialize(out);
    text.pop_back();
    return text;
}

}  // namespace

runtime::Task<Result<std::string>> history_text(runtime::Shard& shard, const hub::TopicName& topic,
                                                const hub::Sequencer::History& history) {
    const auto likely = likely_bytes(history.page.events);
    HOWL_CO_TRY(memory, hub::OutputMemory::reserve(likely, "history"));
    std::string events;
    std::size_t turn_ends_at = kTurnBytesMax;
    Offset last_shown;
    for (const auto& event : history.page.events) {
        auto entry = entry_of_page(*event);
        if (!events.empty() && events.size() + entry.size() > limits::kPageBytesMax) {
            break;
        }
        events += events.empty() ? "" : ",";
        events += entry;
        last_shown = event->offset;
        if (events.size() >= turn_ends_at) {
            turn_ends_at = events.size() + kTurnBytesMax;
            memory = hub::OutputMemory::Hold{std::max(events.size(), likely)};
            co_await next_turn(shard);
        }
    }
    co_return head_of_page(topic, history, last_shown) + ",\"events\":[" + events + "]}";
}

}  // namespace howl::products::topics
