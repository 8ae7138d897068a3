// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/result.hpp"
#include "products/reports/report.hpp"

// Pieces of JSON that a report, its events and the endpoints have in common.
// Errors of all that reads what is stored: `kInvalidJson` where the member is missing or says
// something else.
namespace howl::products::reports {

/// `{"status","at","by","via","attempt"}`
[[nodiscard]] boost::json::object move_object(const Move& move);
[[nodiscard]] Result<Move> move_from(const boost::json::object& object);
[[nodiscard]] boost::json::array history_array(std::span<const Move> history);

/// The names of the states that `from` may move to.
[[nodiscard]] boost::json::array allowed_array(Status from);

/// The member `status`.
[[nodiscard]] Result<Status> status_in(const boost::json::object& object);
[[nodiscard]] Result<std::string> text_in(const boost::json::object& object,
                                          std::string_view member);
[[nodiscard]] Result<WallTime> time_in(const boost::json::object& object, std::string_view member);
/// A whole number, not negative.
[[nodiscard]] Result<std::uint64_t> count_in(const boost::json::object& object,
                                             std::string_view member);

/// What a client wants a report to be: the same member. Errors: `kBadRequest`; its detail lists
/// what there is.
[[nodiscard]] Result<Status> wanted_status_in(const boost::json::object& object);

/// The error of what is stored.
[[nodiscard]] std::unexpected<Error> bad_member(std::string_view member);

}  // namespace howl::products::reports
