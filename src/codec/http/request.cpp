// SPDX-License-Identifier: Apache-2.0
#include "codec/http/request.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "codec/http/field_line.hpp"
#include "codec/http/field_list.hpp"
#include "codec/http/target.hpp"

namespace howl::codec::http {
namespace {

auto find_header(const std::vector<Header>& headers, std::string_view name) {
    return std::ranges::find_if(
        headers, [name](const Header& header) { return equals_ignoring_case(header.name, name); });
}

}  // namespace

Method method_from(std::string_view text) noexcept {
    using Row = std::pair<std::string_view, Method>;
    constexpr std::array kKnown{
        Row{"GET", Method::kGet},         Row{"HEAD", Method::kHead},
        Row{"POST", Method::kPost},       Row{"PUT", Method::kPut},
        Row{"PATCH", Method::kPatch},     Row{"DELETE", Method::kDelete},
        Row{"OPTIONS", Method::kOptions},
    };
    const auto* const row = std::ranges::find(kKnown, text, &Row::first);
    return row == kKnown.end() ? Method::kOther : row->second;
}

std::string_view Request::header(std::string_view name) const noexcept {
    const auto found = find_header(headers, name);
    return found == headers.end() ? std::string_view{} : std::string_view{found->value};
}

bool Request::has_header(std::string_view name) const noexcept {
    return find_header(headers, name) != headers.end();
}

bool Request::lists(std::string_view name, std::string_view option) const noexcept {
    return std::ranges::any_of(headers, [&](const Header& header) {
        return equals_ignoring_case(header.name, name) && list_contains(header.value, option);
    });
}

std::optional<std::string> Request::query_value(std::string_view name) const {
    return decode_query_value(query, name);
}

std::vector<std::string> Request::query_values(std::string_view name) const {
    return decode_query_values(query, name);
}

std::vector<std::string> Request::path_segments() const {
    return decode_path_segments(path);
}

}  // namespace howl::codec::http
