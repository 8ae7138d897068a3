// SPDX-License-Identifier: Apache-2.0
#include "hub/event.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/limits.hpp"
#include "base/utf8.hpp"

namespace howl::hub {
namespace {

bool is_printable(std::string_view text, char least) {
    return std::ranges::all_of(text,
                               [least](char letter) { return letter >= least && letter <= '~'; });
}

/// `reset` is ours; the others are events that a browser's EventSource fires by itself.
bool is_reserved_type(std::string_view type) {
    constexpr std::array<std::string_view, 3> kReserved{"reset", "open", "error"};
    return std::ranges::find(kReserved, type) != kReserved.end();
}

}  // namespace

Result<void> check_new_event(const NewEvent& event) {
    if (event.type.size() > limits::kEventTypeBytesMax || !is_printable(event.type, '!') ||
        is_reserved_type(event.type)) {
        return fail(Errc::kInvalidEventType, "publish");
    }
    if (event.content_type.size() > limits::kContentTypeBytesMax ||
        !is_printable(event.content_type, ' ')) {
        return fail(Errc::kInvalidContentType, "publish");
    }
    if (event.idempotency_key.size() > limits::kIdempotencyKeyBytesMax ||
        !is_printable(event.idempotency_key, ' ')) {
        return fail(Errc::kInvalidIdempotencyKey, "publish");
    }
    if (event.data.size() > limits::kEventBytesMax) {
        return fail(Errc::kBodyTooLarge, "publish",
                    "an event is at most " + std::to_string(limits::kEventBytesMax) + " bytes");
    }
    if (!is_valid_utf8(event.data)) {
        return fail(Errc::kInvalidUtf8, "publish");
    }
    return {};
}

}  // namespace howl::hub
