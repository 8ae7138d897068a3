// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Server-Sent Events as bytes: WHATWG HTML section 9.2 ("Server-sent events").
///
/// The encoder is the only writer of `text/event-stream` bytes in the server: an endpoint that
/// built its own lines could let a publisher's text begin a new field, and with it forge an id or
/// an event. An event is encoded once per endpoint and the bytes are shared by all its readers.
namespace howl::codec::sse {

/// One event as a reader will see it.
struct EventFields {
    /// What `addEventListener` listens to; empty: no `event:` line, which readers call `message`.
    std::string_view event{};
    /// What a reader sends back as `Last-Event-ID`; empty: no `id:` line, the reader keeps its id.
    std::string_view id{};
    /// Any bytes; none: no `data:` line. A browser dispatches nothing without a `data:` line (its
    /// last event id still moves), but it does dispatch an empty text: `data: ` is a line.
    std::optional<std::string_view> data{};
};

/// True if `text` may stand in an `event:` line: not empty, printable ASCII.
[[nodiscard]] bool is_valid_field(std::string_view text) noexcept;
/// True if `text` may be an event's id: 1 to `limits::kSseIdBytesMax` bytes of `[A-Za-z0-9._:-]`.
/// Anything else in a `Last-Event-ID` header makes browsers send a CORS preflight (Fetch section
/// 2.2.2, "CORS-safelisted request-header").
[[nodiscard]] bool is_valid_id(std::string_view text) noexcept;

/// Whether a space follows the colon of a line. Readers remove it, so both mean the same; some
/// servers that Howl replaces write none.
enum class Spacing : std::uint8_t { kSpace, kNone };

/// Appends `id: ...`, `event: ...`, one `data: ...` per line of the data, and an empty line.
///
/// Every CR, LF and CRLF of the data ends a line, so a reader gets LF for each of them. All other
/// bytes go through as they are: that text is valid UTF-8 is checked where it is published.
/// Requires: `event` empty or valid as a field, `id` empty or valid as an id; one that is not is a
/// bug, and is left out.
void append_event(std::string& out, const EventFields& fields, Spacing spacing = Spacing::kSpace);

/// Appends `: text` for every line of `text`, and an empty line: a heartbeat that no reader sees.
void append_comment(std::string& out, std::string_view text, Spacing spacing = Spacing::kSpace);

/// Appends `retry: 1500`, in milliseconds, and an empty line: how long a reader waits before it
/// comes back. A negative time counts as 0.
void append_retry(std::string& out, std::chrono::milliseconds wait);

}  // namespace howl::codec::sse
