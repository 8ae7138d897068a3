// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/result.hpp"

/// DynamoDB's typed values: `{"S":"text"}`, `{"N":"12"}`, `{"B":"base64"}`, `{"L":[...]}`,
/// `{"M":{...}}`. `X_in` gives what an item has under a name, where it is there and of that type.
namespace howl::storage::dynamodb {

[[nodiscard]] boost::json::object text_attribute(std::string_view text);
[[nodiscard]] boost::json::object number_attribute(std::uint64_t number);
/// Text where it is text, so that people can read it; base64 where it is not UTF-8.
[[nodiscard]] boost::json::object bytes_attribute(std::string_view bytes);
[[nodiscard]] boost::json::object list_attribute(boost::json::array items);
[[nodiscard]] boost::json::object map_attribute(boost::json::object members);

[[nodiscard]] std::optional<std::string> text_in(const boost::json::object& item,
                                                 std::string_view name);
[[nodiscard]] std::optional<std::uint64_t> number_in(const boost::json::object& item,
                                                     std::string_view name);
[[nodiscard]] std::optional<std::string> bytes_in(const boost::json::object& item,
                                                  std::string_view name);
/// Null where there is none.
[[nodiscard]] const boost::json::array* list_in(const boost::json::object& item,
                                                std::string_view name);
/// The members of a map value. Null where it is none.
[[nodiscard]] const boost::json::object* members_of(const boost::json::value& attribute);

}  // namespace howl::storage::dynamodb
