// SPDX-License-Identifier: Apache-2.0
#include "products/json.hpp"

#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/parse_options.hpp>
#include <boost/json/value.hpp>

namespace howl::products {

namespace json = boost::json;

Result<json::object> parse_object(std::string_view text) {
    json::parse_options options;
    options.max_depth = kJsonDepthMax;
    boost::system::error_code error;
    auto value = json::parse(text, error, {}, options);
    if (error) {
        return fail(Errc::kInvalidJson, "parse", error.message());
    }
    auto* const object = value.if_object();
    if (object == nullptr) {
        return fail(Errc::kBadRequest, "parse", "not a JSON object");
    }
    return std::move(*object);
}

std::optional<std::string_view> string_in(const json::object& object, std::string_view member) {
    const auto* const value = object.if_contains(member);
    if (value == nullptr || !value->is_string()) {
        return std::nullopt;
    }
    return std::string_view{value->get_string()};
}

std::optional<std::int64_t> whole_number_in(const json::object& object, std::string_view member) {
    const auto* const value = object.if_contains(member);
    if (value == nullptr || !value->is_int64()) {
        return std::nullopt;
    }
    return value->get_int64();
}

const json::object* object_in(const json::object& object, std::string_view member) {
    const auto* const value = object.if_contains(member);
    return value == nullptr ? nullptr : value->if_object();
}

}  // namespace howl::products
