// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/limits.hpp"
#include "base/result.hpp"

namespace howl::codec::sse {

/// An event as `EventSource` would dispatch it. Views into the parser.
struct EventView {
    std::string_view type;           ///< `message` where the stream named none.
    std::string_view data;           ///< Lines joined by LF.
    std::string_view last_event_id;  ///< Also set by an earlier event of the stream.
};

struct ParserLimits {
    /// Bytes of one line without its end. Reached: `kMessageTooBig`.
    std::size_t line_bytes_max = limits::kSseClientEventBytesMax;
    /// Bytes of one event's data. Reached: `kMessageTooBig`.
    std::size_t data_bytes_max = limits::kSseClientEventBytesMax;
};

/// Reads a `text/event-stream` that arrives in pieces, for our own clients.
///
/// Follows WHATWG HTML section 9.2.6 to the letter, so that it is also the oracle of the encoder's
/// tests: lines end in CR, LF or CRLF wherever a piece is cut, one leading byte order mark is
/// skipped, and an event that the end of the stream cuts off never shows. Absent on purpose: UTF-8
/// decoding (bytes go through as they are), reconnecting, and anything about HTTP.
///
/// Limits: `ParserLimits`, checked before a byte is stored.
class Parser {
public:
    Parser() = default;
    explicit Parser(ParserLimits limits) : limits_(limits) {}

    /// Takes bytes off the front of `input` up to the end of the next event. None: all of `input`
    /// was taken and the event that it may have begun needs more bytes.
    /// Errors: `kMessageTooBig`; the stream can't be read further, only `start_stream` helps.
    [[nodiscard]] Result<std::optional<EventView>> next(std::string_view& input);

    /// A new connection begins: forgets the incomplete event, keeps `last_event_id` and `retry`.
    void start_stream();

    /// What a reconnecting client sends as `Last-Event-ID`; empty: nothing.
    [[nodiscard]] std::string_view last_event_id() const noexcept { return last_event_id_; }
    /// What the server asked a client to wait before it comes back, if it ever did.
    [[nodiscard]] std::optional<std::chrono::milliseconds> retry() const noexcept { return retry_; }

private:
    void skip_byte_order_mark(std::string_view& input);
    [[nodiscard]] Result<void> take_field(std::string_view line);
    [[nodiscard]] Result<void> take_data(std::string_view value);
    void take_retry(std::string_view value);
    [[nodiscard]] std::optional<EventView> end_event();
    [[nodiscard]] std::unexpected<Error> give_up(std::string_view context);
    void forget_event();

    // Constant after construction.
    ParserLimits limits_;

    // State of the stream.
    std::size_t mark_bytes_ = 0;  ///< Seen of the byte order mark.
    bool mark_decided_ = false;
    bool after_cr_ = false;  ///< An LF now belongs to the line end before it.
    bool failed_ = false;
    std::string line_;  ///< Beginning of a line that a piece cut.

    // The event under way.
    bool ended_ = false;  ///< It was handed out, and its bytes are still in use.
    std::string type_;
    std::string data_;  ///< An LF after every line, as in the standard.
    std::string id_;    ///< The standard's "last event ID buffer".

    // Outlives the stream.
    std::string last_event_id_;
    std::optional<std::chrono::milliseconds> retry_;
};

}  // namespace howl::codec::sse
