// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "hub/event.hpp"
#include "hub/topic_name.hpp"
#include "products/reports/report.hpp"

namespace howl::products::reports {

/// Carries what becomes of one user's reports; durable.
[[nodiscard]] hub::TopicName topic_of(std::string_view user);
/// Types of its events, whose data is a `ReportNotice`.
inline constexpr std::string_view kCreated = "report_created";
inline constexpr std::string_view kMoved = "report_status_update";

/// What an event says: the report as it is after its newest move, without the history before.
struct ReportNotice {
    std::string id;
    std::string user;
    Version version;  ///< Of two pictures of a report the higher one counts.
    WallTime created_at;
    Move move;  ///< Its status and attempt are the report's.

    [[nodiscard]] static ReportNotice of(const Report& report, Version version);
    /// `{"id","userId","status","attempt","version","createdAt","updatedAt","allowed":[...],
    /// "move":{...}}`. Errors: `kInvalidJson`, `kBadRequest`.
    [[nodiscard]] static Result<ReportNotice> parse(std::string_view text);
    [[nodiscard]] std::string text() const;
    [[nodiscard]] bool operator==(const ReportNotice&) const = default;
};

/// What a notice and the API's picture of a report have in common: all but the moves.
[[nodiscard]] boost::json::object head_object(const ReportNotice& notice);

/// The event that tells the owner of it.
[[nodiscard]] hub::NewEvent event_of(std::string_view type, const ReportNotice& notice);

}  // namespace howl::products::reports
