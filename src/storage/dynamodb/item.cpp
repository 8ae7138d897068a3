// SPDX-License-Identifier: Apache-2.0
#include "storage/dynamodb/item.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "hub/unreadable_records.hpp"
#include "storage/dynamodb/attributes.hpp"

namespace howl::storage::dynamodb {
namespace {

namespace json = boost::json;

constexpr std::string_view kEvents = "events";
constexpr std::string_view kTopic = "topic";
constexpr std::string_view kType = "type";
constexpr std::string_view kContentType = "content_type";
constexpr std::string_view kIsBinary = "is_binary";
constexpr std::string_view kKeepCount = "keep_count";
constexpr std::string_view kKeepMs = "keep_ms";

json::object event_attribute(const PendingEvent& item) {
    const auto& event = item.event;
    const auto& retention = item.retention;
    json::object members{
        {kTopic, text_attribute(event.topic.text())},
        {kKeepCount, number_attribute(retention.count_max)},
        {kKeepMs, number_attribute(static_cast<std::uint64_t>(retention.age_max.count()))}};
    const auto add = [&members](std::string_view name, const std::string& text) {
        if (!text.empty()) {
            members[name] = bytes_attribute(text);
        }
    };
    add(kType, event.type);
    add(kContentType, event.content_type);
    add(attribute::kData, event.data);
    if (event.kind == hub::DataKind::kBinary) {
        members[kIsBinary] = number_attribute(1);
    }
    return map_attribute(std::move(members));
}

Result<PendingEvent> parse_event(const json::object& members) {
    auto topic = hub::TopicName::parse(text_in(members, kTopic).value_or(""));
    const auto count = number_in(members, kKeepCount);
    const auto age = number_in(members, kKeepMs);
    if (!topic || !count || !age) {
        return fail(Errc::kDamaged, "read item", "topic or retention of a pending event");
    }
    return PendingEvent{
        {.topic = std::move(*topic),
         .type = bytes_in(members, kType).value_or(""),
         .content_type = bytes_in(members, kContentType).value_or(""),
         .data = bytes_in(members, attribute::kData).value_or(""),
         .kind = number_in(members, kIsBinary).value_or(0) == 0 ? hub::DataKind::kText
                                                                : hub::DataKind::kBinary},
        {*count, std::chrono::milliseconds{static_cast<std::int64_t>(*age)}}};
}

Result<PendingCommit> parse_pending_commit(const json::value& element) {
    const auto* const members = members_of(element);
    const auto* const events = members == nullptr ? nullptr : list_in(*members, kEvents);
    if (events == nullptr) {
        return fail(Errc::kDamaged, "read item", "pending events");
    }
    PendingCommit out{text_in(*members, attribute::kToken).value_or(""), {}};
    for (const auto& event : *events) {
        const auto* const event_members = members_of(event);
        if (event_members == nullptr) {
            return fail(Errc::kDamaged, "read item", "a pending event");
        }
        HOWL_TRY(parsed, parse_event(*event_members));
        out.events.push_back(std::move(parsed));
    }
    return out;
}

/// The text of a record that another program wrote.
std::string data_of_shown(const Table& table, const json::object& attributes) {
    json::object data;
    for (const auto& member : table.shown_members) {
        if (const auto text = text_in(attributes, member)) {
            data[member] = *text;
        }
    }
    return json::serialize(data);
}

}  // namespace

Result<Item> parse_item(const Table& table, const json::object& attributes) {
    auto id = text_in(attributes, table.key_attribute);
    if (!id) {
        return fail(Errc::kDamaged, "read item", fmt::format("no key in {}", table.name));
    }
    Item item;
    item.key = {table.kind, std::move(*id)};
    item.token = text_in(attributes, attribute::kToken).value_or("");
    if (const auto* const pending = list_in(attributes, attribute::kPending)) {
        for (const auto& element : *pending) {
            HOWL_TRY(commit, parse_pending_commit(element));
            item.pending.push_back(std::move(commit));
        }
    }
    if (attributes.contains(attribute::kRemoved)) {
        return item;
    }
    auto& record = item.record.emplace();
    record.key = item.key;
    record.owner = text_in(attributes, table.owner_attribute).value_or("");
    if (!attributes.contains(attribute::kVersion)) {
        record.version = Version{1};
        record.data = data_of_shown(table, attributes);
        return item;
    }
    const auto version = number_in(attributes, attribute::kVersion);
    if (!version || *version == 0) {
        return fail(Errc::kDamaged, "read item",
                    fmt::format("version of {} in {}", record.key.id, table.name));
    }
    record.version = Version{*version};
    record.data = bytes_in(attributes, attribute::kData).value_or("");
    return item;
}

Result<Item> read_item(const Table& table, const json::object& attributes) {
    auto item = parse_item(table, attributes);
    if (!item) {
        hub::note_unreadable(table.name, key_in(table, attributes), item.error());
    }
    return item;
}

std::string key_in(const Table& table, const json::object& attributes) {
    return text_in(attributes, table.key_attribute).value_or("");
}

Result<std::optional<Item>> item_in(const Table& table, const Result<json::object>& answer,
                                    std::string_view member) {
    if (!answer) {
        return std::unexpected(answer.error());
    }
    const auto* const found = answer->if_contains(member);
    const auto* const attributes = found == nullptr ? nullptr : found->if_object();
    if (attributes == nullptr) {
        return std::optional<Item>{};
    }
    HOWL_TRY(item, read_item(table, *attributes));
    return std::optional<Item>{std::move(item)};
}

json::array pending_list(const PendingCommit& commit) {
    json::array events;
    for (const auto& event : commit.events) {
        events.push_back(event_attribute(event));
    }
    json::array list;
    if (!events.empty()) {
        list.push_back(map_attribute({{attribute::kToken, text_attribute(commit.token)},
                                      {kEvents, list_attribute(std::move(events))}}));
    }
    return list;
}

json::object shown_attributes(const Table& table, std::string_view data) {
    json::object out;
    if (table.shown_members.empty()) {
        return out;
    }
    boost::system::error_code error;
    const auto value = json::parse(data, error);
    const auto* const members = error ? nullptr : value.if_object();
    for (const auto& name : table.shown_members) {
        const auto* const member = members == nullptr ? nullptr : members->if_contains(name);
        if (member != nullptr && member->is_string()) {
            out[name] = text_attribute(member->get_string());
        }
    }
    return out;
}

}  // namespace howl::storage::dynamodb
