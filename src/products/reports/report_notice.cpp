// SPDX-License-Identifier: Apache-2.0
#include "products/reports/report_notice.hpp"

#include <utility>

#include <boost/json/serialize.hpp>

#include "base/assert.hpp"
#include "products/json.hpp"
#include "products/reading.hpp"
#include "products/reports/report_json.hpp"

namespace howl::products::reports {

namespace json = boost::json;

hub::TopicName topic_of(std::string_view user) {
    auto name = hub::topic_for("howl:reports/", user);
    HOWL_ASSERT(name.has_value());  // A UUID is neither empty nor long.
    return std::move(*name);
}

ReportNotice ReportNotice::of(const Report& report, Version version) {
    return {report.id, report.user, version, report.created_at(), report.history.back()};
}

Result<ReportNotice> ReportNotice::parse(std::string_view text) {
    HOWL_TRY(object, parse_object(text));
    HOWL_TRY(id, text_in(object, "id"));
    HOWL_TRY(user, text_in(object, "userId"));
    HOWL_TRY(version, count_in(object, "version"));
    HOWL_TRY(created_at, time_in(object, "createdAt"));
    const auto* const newest = object_in(object, "move");
    if (newest == nullptr) {
        return bad_member("move");
    }
    HOWL_TRY(move, move_from(*newest));
    return ReportNotice{std::move(id), std::move(user), Version{version}, created_at,
                        std::move(move)};
}

std::string ReportNotice::text() const {
    auto object = head_object(*this);
    object["move"] = move_object(move);
    return json::serialize(object);
}

json::object head_object(const ReportNotice& notice) {
    return {{"id", notice.id},
            {"userId", notice.user},
            {"status", name_of(notice.move.to)},
            {"attempt", notice.move.attempt},
            {"version", notice.version.value()},
            {"createdAt", iso_time(notice.created_at)},
            {"updatedAt", iso_time(notice.move.at)},
            {"allowed", allowed_array(notice.move.to)}};
}

hub::NewEvent event_of(std::string_view type, const ReportNotice& notice) {
    return {.topic = topic_of(notice.user),
            .type = std::string{type},
            .content_type = "application/json",
            .data = notice.text()};
}

}  // namespace howl::products::reports
