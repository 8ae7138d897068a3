// SPDX-License-Identifier: Apache-2.0
#include "products/reports/report.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "products/json.hpp"
#include "products/reports/report_json.hpp"

namespace howl::products::reports {

namespace json = boost::json;

namespace {

constexpr std::array kFromPending{Status::kQueued, Status::kCanceled};
constexpr std::array kFromQueued{Status::kProcessing, Status::kCanceled};
constexpr std::array kFromProcessing{Status::kCompleted, Status::kFailed};
constexpr std::array kBackToPending{Status::kPending};

/// The one table of the state machine, in the order of `Status`.
struct Row {
    std::string_view name;
    std::span<const Status> moves;
};
constexpr std::array kRows{
    Row{"pending", kFromPending},       Row{"queued", kFromQueued},
    Row{"processing", kFromProcessing}, Row{"canceled", kBackToPending},
    Row{"failed", kBackToPending},      Row{"completed", {}},
};

const Row& row_of(Status status) noexcept {
    return kRows[static_cast<std::size_t>(status)];
}

Result<std::vector<Move>> history_from(const json::object& object) {
    std::vector<Move> history;
    const auto* const member = object.if_contains("history");
    if (member == nullptr) {  // What another program wrote says only where the report stands.
        HOWL_TRY(status, status_in(object));
        history.push_back({status, WallTime{}, {}, 1});
        return history;
    }
    const auto* const entries = member->if_array();
    if (entries == nullptr || entries->empty()) {
        return bad_member("history");
    }
    for (const auto& entry : *entries) {
        const auto* const shown = entry.if_object();
        if (shown == nullptr) {
            return bad_member("history");
        }
        HOWL_TRY(move, move_from(*shown));
        history.push_back(std::move(move));
    }
    return history;
}

Result<std::map<std::string, std::uint64_t, std::less<>>> consumed_from(
    const json::object& object) {
    std::map<std::string, std::uint64_t, std::less<>> consumed;
    const auto* const streams = object_in(object, "consumed");
    if (streams == nullptr) {
        return consumed;
    }
    for (const auto& stream : *streams) {
        HOWL_TRY(offset, count_in(*streams, stream.key()));
        consumed.emplace(stream.key(), offset);
    }
    return consumed;
}

}  // namespace

std::string_view name_of(Status status) noexcept {
    return row_of(status).name;
}

std::string names_of(std::span<const Status> statuses) {
    std::string names;
    for (const Status status : statuses) {
        names.append(names.empty() ? "" : ", ").append(name_of(status));
    }
    return names;
}

std::optional<Status> status_from(std::string_view name) noexcept {
    const auto found = std::ranges::find(kRows, name, &Row::name);
    if (found == kRows.end()) {
        return std::nullopt;
    }
    return static_cast<Status>(found - kRows.begin());
}

std::span<const Status> moves_from(Status from) noexcept {
    return row_of(from).moves;
}

bool may_move(Status from, Status to) noexcept {
    return std::ranges::find(moves_from(from), to) != moves_from(from).end();
}

Result<Report> Report::parse(std::string_view text) {
    HOWL_TRY(object, parse_object(text));
    HOWL_TRY(history, history_from(object));
    HOWL_TRY(consumed, consumed_from(object));
    return Report{std::string{string_in(object, "id").value_or("")},
                  std::string{string_in(object, "userId").value_or("")}, std::move(history),
                  std::move(consumed)};
}

std::string Report::text() const {
    json::object object{{"id", id}, {"userId", user}, {"status", name_of(status())}};
    object["history"] = history_array(history);
    if (!consumed.empty()) {
        json::object streams;
        for (const auto& [stream, offset] : consumed) {
            streams[stream] = offset;
        }
        object["consumed"] = std::move(streams);
    }
    return json::serialize(object);
}

}  // namespace howl::products::reports
