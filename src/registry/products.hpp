// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "products/product.hpp"

namespace howl::registry {

/// All products, in the order of `products.def`. Whoever is above this folder knows products only
/// through here, and names none.
/// Thread: any.
[[nodiscard]] std::span<const products::Product* const> products();

/// What they have of one kind, in their order: `all_of(&products::Product::endpoints)`.
template <class T>
[[nodiscard]] std::vector<T> all_of(std::vector<T> (products::Product::*kind)() const) {
    std::vector<T> all;
    for (const auto* product : products()) {
        for (auto& one : (product->*kind)()) {
            all.push_back(std::move(one));
        }
    }
    return all;
}

}  // namespace howl::registry
