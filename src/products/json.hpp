// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <boost/json/object.hpp>

#include "base/result.hpp"

namespace howl::products {

/// Reached: `kInvalidJson`. No message of ours nests deeper than 4; foreign ones have some room.
inline constexpr std::size_t kJsonDepthMax = 32;

/// Reads a text from outside that has to be one JSON object (RFC 8259). Of a member that stands
/// there twice the last one counts. Errors: `kInvalidJson`, and `kBadRequest`
/// for JSON that is no object, with what is wrong as the detail.
[[nodiscard]] Result<boost::json::object> parse_object(std::string_view text);

/// The member, where it is there and is a string. The view lives as long as the object.
[[nodiscard]] std::optional<std::string_view> string_in(const boost::json::object& object,
                                                        std::string_view member);
/// The member, where it is there and is a whole number that fits.
[[nodiscard]] std::optional<std::int64_t> whole_number_in(const boost::json::object& object,
                                                          std::string_view member);
/// The member, where it is there and is an object; null otherwise.
[[nodiscard]] const boost::json::object* object_in(const boost::json::object& object,
                                                   std::string_view member);

}  // namespace howl::products
