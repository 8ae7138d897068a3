// SPDX-License-Identifier: Apache-2.0
#include "cli/report_text.hpp"

#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "products/json.hpp"

namespace howl::cli {

namespace json = boost::json;

namespace {

constexpr std::string_view kRow = "{:<36}  {:<10}  {:>7}  {:<24}  {}\n";
constexpr std::string_view kStrange = "the server's reply is none about reports";

std::unexpected<Error> unexpected_reply(std::string_view what) {
    return fail(Errc::kInvalidJson, kStrange, std::string{what});
}

/// The fields of a report that the lines show. The views live as long as the object.
struct ReportFields {
    std::string_view id;
    std::string_view status;
    std::int64_t attempt;
    std::string_view updated_at;
    std::string allowed;
};

Result<ReportFields> fields_of(const json::object& report) {
    const auto id = products::string_in(report, "id");
    const auto status = products::string_in(report, "status");
    const auto attempt = products::whole_number_in(report, "attempt");
    const auto updated_at = products::string_in(report, "updatedAt");
    const auto* allowed = report.if_contains("allowed");
    if (!id || !status || !attempt || !updated_at || allowed == nullptr || !allowed->is_array()) {
        return unexpected_reply("a member is missing");
    }
    std::vector<std::string_view> moves;
    for (const auto& move : allowed->get_array()) {
        if (const auto* name = move.if_string()) {
            moves.emplace_back(name->data(), name->size());
        }
    }
    return ReportFields{*id, *status, *attempt, *updated_at,
                        moves.empty() ? "-" : fmt::format("{}", fmt::join(moves, ", "))};
}

Result<json::array> parse_list(std::string_view body) {
    boost::system::error_code error;
    auto value = json::parse(json::string_view{body.data(), body.size()}, error);
    if (error || !value.is_array()) {
        return unexpected_reply(error ? error.message() : "it is no list");
    }
    return std::move(value.get_array());
}

}  // namespace

Result<std::string> report_table(std::string_view body) {
    HOWL_TRY(reports, parse_list(body));
    auto table = fmt::format(kRow, "ID", "STATUS", "ATTEMPT", "UPDATED", "ALLOWED");
    for (const auto& report : reports) {
        if (!report.is_object()) {
            return unexpected_reply("a report is no object");
        }
        HOWL_TRY(shown, fields_of(report.get_object()));
        table += fmt::format(kRow, shown.id, shown.status, shown.attempt, shown.updated_at,
                             shown.allowed);
    }
    return table;
}

Result<std::string> report_id_line(std::string_view body) {
    HOWL_TRY(report, products::parse_object(body));
    HOWL_TRY(shown, fields_of(report));
    return fmt::format("{}\n", shown.id);
}

Result<std::string> report_line(std::string_view body) {
    HOWL_TRY(report, products::parse_object(body));
    HOWL_TRY(shown, fields_of(report));
    return fmt::format("{} is {}, attempt {}; allowed: {}\n", shown.id, shown.status, shown.attempt,
                       shown.allowed);
}

Result<std::string> report_event_line(std::string_view data) {
    HOWL_TRY(report, products::parse_object(data));
    HOWL_TRY(shown, fields_of(report));
    const auto* move = products::object_in(report, "move");
    const auto by = move == nullptr ? std::nullopt : products::string_in(*move, "by");
    const auto via = move == nullptr ? std::nullopt : products::string_in(*move, "via");
    if (!by || !via) {
        return unexpected_reply("an event names no move");
    }
    return fmt::format("{}  {}  {:<10}  attempt {}, by {} via {}\n", shown.updated_at, shown.id,
                       shown.status, shown.attempt, *by, *via);
}

}  // namespace howl::cli
