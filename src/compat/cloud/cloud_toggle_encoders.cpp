// SPDX-License-Identifier: Apache-2.0
#include "compat/cloud/cloud_toggle_encoders.hpp"

#include <optional>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include "codec/sse/encoder.hpp"
#include "compat/cloud/announcement.hpp"

namespace howl::compat::cloud {

using products::cloud::done_name_of;
using products::cloud::name_of;

namespace json = boost::json;
namespace sse = codec::sse;
using Stage = Announcement::Stage;

namespace {

std::string local_time(WallTime time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    return us_time(fmt::localtime(std::chrono::system_clock::to_time_t(seconds)));
}

/// Nothing where the original is silent.
std::optional<std::string> info_of(Stage stage, OperationKind kind) {
    if (stage == Stage::kDone) {
        return done_words(kind);
    }
    if (stage == Stage::kFailed) {
        return "Failed";
    }
    return kind == OperationKind::kCreate ? std::optional{command_words(kind)} : std::nullopt;
}

}  // namespace

std::string us_time(const std::tm& time) {
    const int hour = time.tm_hour % 12 == 0 ? 12 : time.tm_hour % 12;
    return fmt::format("{}:{:02}:{:02} {} {}/{}/{}", hour, time.tm_min, time.tm_sec,
                       time.tm_hour < 12 ? "AM" : "PM", time.tm_mon + 1, time.tm_mday,
                       time.tm_year + 1900);
}

std::string CloudToggleEncoder::encode(const hub::Event& event, const hub::Cursor& cursor) const {
    const auto announcement = Announcement::of(event);
    const auto info = announcement
                          ? info_of(announcement->stage, announcement->notice.operation.kind)
                          : std::nullopt;
    if (!info) {
        return {};
    }
    // The original's spelling comes first.
    const bool received = announcement->stage == Stage::kReceived;
    const auto time = local_time(event.time);
    const auto data = json::serialize(json::object{{"id", announcement->notice.instance.id},
                                                   {"info", *info},
                                                   {received ? "timestamp" : "timeStamp", time},
                                                   {received ? "timeStamp" : "timestamp", time}});
    const auto id = cursor.text();
    std::string out;
    sse::append_event(out, {.event = "message", .id = id, .data = data});
    return out;
}

std::string CloudToggleEncoder::encode_joined(const hub::Cursor& cursor) const {
    const auto id = cursor.text();
    std::string out;
    sse::append_event(out, {.id = id});
    return out;
}

std::string CloudToggleEncoder::encode_reset(const hub::TopicName& /*topic*/,
                                             const hub::Cursor& cursor) const {
    const auto id = cursor.text();
    std::string out;
    sse::append_event(out, {.event = "reset", .id = id, .data = "{}"});
    return out;
}

std::string CloudStateEncoder::encode(const hub::Event& event,
                                      const hub::Cursor& /*cursor*/) const {
    const bool changes_state = event.type == done_name_of(OperationKind::kStart) ||
                               event.type == done_name_of(OperationKind::kStop);
    const auto announcement = changes_state ? Announcement::of(event) : std::nullopt;
    return announcement ? states_text({announcement->notice.instance}) : std::string{};
}

std::string states_text(const std::vector<Instance>& instances) {
    json::array out;
    for (const auto& instance : instances) {
        if (instance.exists()) {
            out.push_back(json::object{{"id", instance.id}, {"state", name_of(instance.state)}});
        }
    }
    return json::serialize(out);
}

}  // namespace howl::compat::cloud
