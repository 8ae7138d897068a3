// SPDX-License-Identifier: Apache-2.0
#include "storage/dynamodb/attributes.hpp"

#include <charconv>
#include <utility>

#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "base/utf8.hpp"
#include "codec/base64.hpp"

namespace howl::storage::dynamodb {
namespace {

namespace json = boost::json;

/// The value of `{"TYPE": value}`; null where the attribute is not there or of another type.
const json::value* value_in(const json::object& item, std::string_view name,
                            std::string_view type) {
    const auto* const attribute = item.if_contains(name);
    const auto* const typed = attribute == nullptr ? nullptr : attribute->if_object();
    return typed == nullptr ? nullptr : typed->if_contains(type);
}

std::optional<std::string> string_in(const json::object& item, std::string_view name,
                                     std::string_view type) {
    const auto* const value = value_in(item, name, type);
    if (value == nullptr || !value->is_string()) {
        return std::nullopt;
    }
    return std::string{value->get_string()};
}

}  // namespace

json::object text_attribute(std::string_view text) {
    json::object out;
    out["S"] = text;
    return out;
}

json::object number_attribute(std::uint64_t number) {
    json::object out;
    out["N"] = fmt::to_string(number);
    return out;
}

json::object bytes_attribute(std::string_view bytes) {
    if (is_valid_utf8(bytes)) {
        return text_attribute(bytes);
    }
    json::object out;
    out["B"] = codec::base64_of(bytes);
    return out;
}

json::object list_attribute(json::array items) {
    json::object out;
    out["L"] = std::move(items);
    return out;
}

json::object map_attribute(json::object members) {
    json::object out;
    out["M"] = std::move(members);
    return out;
}

std::optional<std::string> text_in(const json::object& item, std::string_view name) {
    return string_in(item, name, "S");
}

std::optional<std::uint64_t> number_in(const json::object& item, std::string_view name) {
    const auto text = string_in(item, name, "N");
    std::uint64_t number = 0;
    if (!text) {
        return std::nullopt;
    }
    const char* const end = text->data() + text->size();
    const auto [stopped, error] = std::from_chars(text->data(), end, number);
    return error == std::errc{} && stopped == end ? std::optional{number} : std::nullopt;
}

std::optional<std::string> bytes_in(const json::object& item, std::string_view name) {
    if (auto text = text_in(item, name)) {
        return text;
    }
    const auto encoded = string_in(item, name, "B");
    return encoded ? codec::from_base64(*encoded) : std::nullopt;
}

const json::array* list_in(const json::object& item, std::string_view name) {
    const auto* const value = value_in(item, name, "L");
    return value == nullptr ? nullptr : value->if_array();
}

const json::object* members_of(const json::value& attribute) {
    const auto* const typed = attribute.if_object();
    const auto* const members = typed == nullptr ? nullptr : typed->if_contains("M");
    return members == nullptr ? nullptr : members->if_object();
}

}  // namespace howl::storage::dynamodb
