// SPDX-License-Identifier: Apache-2.0
#include "products/turns.hpp"

#include <utility>
#include <variant>

namespace howl::products {

runtime::Task<void> next_turn(runtime::Shard& shard) {
    auto start = [&shard](auto done) {
        shard.post([done = std::move(done)]() mutable { std::move(done)(std::monostate{}); });
    };
    static_cast<void>(co_await runtime::completion_of<std::monostate>(std::move(start)));
}

}  // namespace howl::products
