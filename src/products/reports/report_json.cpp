// SPDX-License-Identifier: Apache-2.0
#include "products/reports/report_json.hpp"

#include <utility>

#include <fmt/format.h>

#include "products/json.hpp"
#include "products/reading.hpp"

namespace howl::products::reports {

namespace json = boost::json;

json::object move_object(const Move& move) {
    return {{"status", name_of(move.to)},
            {"at", iso_time(move.at)},
            {"by", move.actor.by},
            {"via", move.actor.via},
            {"attempt", move.attempt}};
}

Result<Move> move_from(const json::object& object) {
    HOWL_TRY(to, status_in(object));
    HOWL_TRY(at, time_in(object, "at"));
    HOWL_TRY(by, text_in(object, "by"));
    HOWL_TRY(via, text_in(object, "via"));
    HOWL_TRY(attempt, count_in(object, "attempt"));
    return Move{to, at, {std::move(by), std::move(via)}, attempt};
}

json::array history_array(std::span<const Move> history) {
    json::array entries;
    for (const auto& move : history) {
        entries.push_back(move_object(move));
    }
    return entries;
}

json::array allowed_array(Status from) {
    json::array names;
    for (const Status to : moves_from(from)) {
        names.emplace_back(name_of(to));
    }
    return names;
}

Result<Status> status_in(const json::object& object) {
    const auto status = status_from(string_in(object, "status").value_or(""));
    if (!status) {
        return bad_member("status");
    }
    return *status;
}

Result<Status> wanted_status_in(const json::object& object) {
    const auto status = status_in(object);
    if (!status) {
        return fail(Errc::kBadRequest, "report",
                    fmt::format("status: it is one of {}", names_of(kStatuses)));
    }
    return *status;
}

Result<std::string> text_in(const json::object& object, std::string_view member) {
    const auto text = string_in(object, member);
    if (!text) {
        return bad_member(member);
    }
    return std::string{*text};
}

Result<WallTime> time_in(const json::object& object, std::string_view member) {
    const auto time = parse_iso_time(string_in(object, member).value_or(""));
    if (!time) {
        return bad_member(member);
    }
    return *time;
}

Result<std::uint64_t> count_in(const json::object& object, std::string_view member) {
    const auto number = whole_number_in(object, member);
    if (!number || *number < 0) {
        return bad_member(member);
    }
    return static_cast<std::uint64_t>(*number);
}

std::unexpected<Error> bad_member(std::string_view member) {
    return fail(Errc::kInvalidJson, "report", std::string{member});
}

}  // namespace howl::products::reports
