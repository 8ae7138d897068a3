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

/// `type/subtype`, and whatever parameters follow (RFC 9110 section 8.3.1).
bool is_media_type(std::string_view text) {
    const auto essence = text.substr(0, text.find(';'));
    const auto slash = essence.find('/');
    return slash != std::string_view::npos && slash > 0 && slash + 1 < essence.size() &&
           !essence.substr(0, slash + 2).contains(' ') && is_printable(text, ' ');
}

/// `reset` is ours; the others are events that a browser's EventSource fires by itself.
bool is_reserved_type(std::string_view type) {
    constexpr std::array<std::string_view, 3> kReserved{"reset", "open", "error"};
    return std::ranges::find(kReserved, type) != kReserved.end();
}

}  // namespace

Result<void> check_idempotency_key(std::string_view key) {
    if (key.size() > limits::kIdempotencyKeyBytesMax || !is_printable(key, ' ')) {
        return fail(Errc::kInvalidIdempotencyKey, "publish");
    }
    return {};
}

Result<void> check_new_event(const NewEvent& event) {
    if (event.type.size() > limits::kEventTypeBytesMax || !is_printable(event.type, '!') ||
        is_reserved_type(event.type)) {
        return fail(Errc::kInvalidEventType, "publish");
    }
    if (event.content_type.size() > limits::kContentTypeBytesMax ||
        (!event.content_type.empty() && !is_media_type(event.content_type))) {
        return fail(Errc::kInvalidContentType, "publish");
    }
    HOWL_TRY_VOID(check_idempotency_key(event.idempotency_key));
    if (event.data.size() > limits::kEventBytesMax) {
        return fail(Errc::kBodyTooLarge, "publish",
                    "an event is at most " + std::to_string(limits::kEventBytesMax) + " bytes");
    }
    if (event.kind == DataKind::kText && !is_valid_utf8(event.data)) {
        return fail(Errc::kInvalidUtf8, "publish");
    }
    return {};
}

}  // namespace howl::hub
