// SPDX-License-Identifier: Apache-2.0
#include "registry/products.hpp"

#include <array>

#define HOWL_PRODUCT(above, folder)             \
    namespace howl::above::folder {             \
    const ::howl::products::Product& product(); \
    }
#include "registry/products.def"
#undef HOWL_PRODUCT

namespace howl::registry {

std::span<const products::Product* const> products() {
#define HOWL_PRODUCT(above, folder) &::howl::above::folder::product(),
    static const std::array kProducts{
#include "registry/products.def"
    };
#undef HOWL_PRODUCT
    return kProducts;
}

}  // namespace howl::registry
