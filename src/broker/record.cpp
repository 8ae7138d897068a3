// SPDX-License-Identifier: Apache-2.0
#include "broker/record.hpp"

#include <algorithm>
#include <ranges>

namespace howl::broker {

std::size_t Record::bytes() const noexcept {
    const auto size_of = [](const auto& text) { return text ? text->size() : 0; };
    std::size_t sum = sizeof(Record) + size_of(value) + size_of(key);
    for (const auto& [name, text] : headers) {
        sum += name.size() + size_of(text);
    }
    return sum;
}

std::optional<std::string_view> Record::header(std::string_view name) const noexcept {
    const auto found =
        std::ranges::find(headers | std::views::reverse, name, &Headers::value_type::first);
    return found == headers.rend() ? std::nullopt : std::optional<std::string_view>{found->second};
}

}  // namespace howl::broker
