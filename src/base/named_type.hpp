// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <utility>

namespace howl {

/// A number or string that names something; two of them never convert into each other.
template <class T, class Tag>
class NamedType {
public:
    using Underlying = T;

    constexpr NamedType() = default;
    constexpr explicit NamedType(T value) : value_(std::move(value)) {}

    [[nodiscard]] constexpr const T& value() const noexcept { return value_; }
    [[nodiscard]] constexpr auto operator<=>(const NamedType&) const = default;

    /// The one after this.
    [[nodiscard]] constexpr NamedType next() const
        requires requires(T value) { value + 1; }
    {
        return NamedType{static_cast<T>(value_ + 1)};
    }

private:
    T value_{};
};

}  // namespace howl

template <class T, class Tag>
struct std::hash<howl::NamedType<T, Tag>> {
    std::size_t operator()(const howl::NamedType<T, Tag>& named) const noexcept {
        return std::hash<T>{}(named.value());
    }
};
