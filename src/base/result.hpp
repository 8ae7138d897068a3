// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.hpp"

namespace howl {

/// A value or the reason why there is none. Nothing in Howl throws after start-up.
template <class T>
using Result = std::expected<T, Error>;

/// `return fail(Errc::kNotFound, "open room");`
[[nodiscard]] inline std::unexpected<Error> fail(Errc code, std::string_view context,
                                                 std::string detail = {}) {
    return std::unexpected(Error{code, context, std::move(detail)});
}

}  // namespace howl

/// Binds `name` to the value of `expr`, or returns its error from the enclosing function.
#define HOWL_TRY(name, expr)                                      \
    auto name##_result = (expr);                                  \
    if (!name##_result) {                                         \
        return std::unexpected(std::move(name##_result).error()); \
    }                                                             \
    auto name = std::move(*name##_result)

/// The same for an expression that yields no value.
#define HOWL_TRY_VOID(expr)                                         \
    do {                                                            \
        if (auto howl_result = (expr); !howl_result) {              \
            return std::unexpected(std::move(howl_result).error()); \
        }                                                           \
    } while (false)

/// `HOWL_TRY` for coroutines; `expr` may have a `co_await` in it. It is evaluated in a full
/// expression of its own, with no temporary of the macro's beside it, which g++ 12 needs.
#define HOWL_CO_TRY(name, expr)                                      \
    auto name##_result = (expr);                                     \
    if (!name##_result) {                                            \
        co_return std::unexpected(std::move(name##_result).error()); \
    }                                                                \
    auto name = std::move(*name##_result)

/// The same for an expression that yields no value, or one that is not needed.
#define HOWL_CO_TRY_VOID(expr)                                         \
    do {                                                               \
        auto howl_result = (expr);                                     \
        if (!howl_result) {                                            \
            co_return std::unexpected(std::move(howl_result).error()); \
        }                                                              \
    } while (false)
