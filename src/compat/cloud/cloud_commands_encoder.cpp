// SPDX-License-Identifier: Apache-2.0
#include "compat/cloud/cloud_commands_encoder.hpp"

#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include "codec/sse/encoder.hpp"
#include "compat/cloud/announcement.hpp"

namespace howl::compat::cloud {

using products::cloud::done_name_of;
using products::cloud::InstanceState;
using products::cloud::name_of;

namespace json = boost::json;
namespace sse = codec::sse;
using Stage = Announcement::Stage;

namespace {

constexpr auto kSpacing = sse::Spacing::kNone;

struct LogEntry {
    WallTime time;
    std::string info;
    std::string_view server;
};

std::string text_of(const LogEntry& entry) {
    return json::serialize(json::object{
        {"date", moscow_time(entry.time)}, {"info", entry.info}, {"server", entry.server}});
}

std::string change_text(std::string_view action, const Instance& instance) {
    return json::serialize(json::object{
        {"action", action},
        {"instance",
         json::object{{"id", instance.id}, {"state", capitalized(name_of(instance.state))}}}});
}

void append_frame(std::string& out, const hub::Cursor& cursor, std::string_view data) {
    const auto id = cursor.text();
    sse::append_event(out, {.id = id, .data = data}, kSpacing);
}

std::string info_of(Stage stage, OperationKind kind) {
    switch (stage) {
        case Stage::kReceived:
            return fmt::format("Received \"{}\"", command_words(kind));
        case Stage::kDone:
            return done_words(kind);
        case Stage::kFailed:
            return fmt::format("Failed \"{}\"", command_words(kind));
    }
    return {};
}

hub::Cursor place_before(const hub::Event& event, hub::Cursor cursor) {
    cursor.sequences[event.lane] = Sequence{event.sequence.value() - 1};
    return cursor;
}

}  // namespace

std::string moscow_time(WallTime time) {
    constexpr std::chrono::hours kAheadOfUtc{3};
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time + kAheadOfUtc);
    return fmt::format("{:%d.%m.%Y, %H:%M:%S}",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)));
}

std::string CloudCommandsEncoder::encode(const hub::Event& event, const hub::Cursor& cursor) const {
    const auto announcement = Announcement::of(event);
    if (!announcement) {
        return {};
    }
    const auto& [operation, instance, error_code] = announcement->notice;
    const auto entry =
        text_of({event.time, info_of(announcement->stage, operation.kind), instance.id});
    std::string out;
    if (announcement->stage == Stage::kDone) {
        append_frame(out, place_before(event, cursor), entry);
        append_frame(out, cursor, change_text(done_name_of(operation.kind), instance));
    } else {
        append_frame(out, cursor, entry);
    }
    return out;
}

std::string CloudCommandsEncoder::encode_joined(const hub::Cursor& /*cursor*/) const {
    return {};
}

std::string CloudCommandsEncoder::encode_reset(const hub::TopicName& /*topic*/,
                                               const hub::Cursor& cursor) const {
    std::string out;
    append_frame(
        out, cursor,
        text_of({clock_.wall_now(), "Events were missed; please reload this page", "unknown"}));
    return out;
}

std::string ok_comment() {
    std::string out;
    sse::append_comment(out, "ok", kSpacing);
    return out;
}

std::string snapshot_frames(const std::vector<Instance>& instances) {
    std::string out;
    for (const auto& instance : instances) {
        if (!instance.exists()) {
            continue;
        }
        Instance as_made = instance;
        as_made.state = InstanceState::kStopped;
        sse::append_event(out, {.data = change_text(done_name_of(OperationKind::kCreate), as_made)},
                          kSpacing);
        if (instance.state == InstanceState::kRunning) {
            sse::append_event(out,
                              {.data = change_text(done_name_of(OperationKind::kStart), instance)},
                              kSpacing);
        }
    }
    return out;
}

std::string place_frame(const hub::Cursor& cursor) {
    const auto id = cursor.text();
    std::string out;
    sse::append_event(out, {.id = id}, kSpacing);
    return out;
}

}  // namespace howl::compat::cloud
