// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"

#include <array>
#include <cstddef>

namespace howl {
namespace {

constexpr std::array kTable{
#define HOWL_ERROR(enumerator, name, text, http_status, close_code, retry) \
    ErrorEntry{name, text, http_status, close_code, Retry::retry},
#include "base/errors.def"
#undef HOWL_ERROR
};

constexpr std::size_t kCloseReasonBytesMax = 123;

constexpr bool fits_close_frames() {
    for (const auto& entry : kTable) {
        if (entry.text.size() > kCloseReasonBytesMax) {
            return false;
        }
    }
    return true;
}
static_assert(fits_close_frames(), "an error text is longer than a close frame carries");

}  // namespace

const ErrorEntry& entry_of(Errc code) noexcept {
    return kTable[static_cast<std::size_t>(code)];
}

std::size_t error_count() noexcept {
    return kTable.size();
}

std::string Error::describe() const {
    std::string out{context};
    if (!out.empty()) {
        out += ": ";
    }
    out += entry().text;
    if (!detail.empty()) {
        out += " (";
        out += detail;
        out += ')';
    }
    return out;
}

}  // namespace howl
