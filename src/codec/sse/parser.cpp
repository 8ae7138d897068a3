// SPDX-License-Identifier: Apache-2.0
#include "codec/sse/parser.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "codec/sse/lines.hpp"

namespace howl::codec::sse {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kDefaultType = "message";

}  // namespace

Result<std::optional<EventView>> Parser::next(std::string_view& input) {
    if (failed_) {
        return give_up("read event stream");
    }
    if (ended_) {
        forget_event();
    }
    skip_byte_order_mark(input);
    while (!input.empty()) {
        if (std::exchange(after_cr_, false) && input.front() == '\n') {
            input.remove_prefix(1);
            continue;
        }
        const std::string_view piece = input.substr(0, line_size(input));
        if (line_.size() + piece.size() > limits_.line_bytes_max) {
            return give_up("read event stream line");
        }
        input.remove_prefix(piece.size());
        if (input.empty()) {
            line_.append(piece);
            break;
        }
        after_cr_ = input.front() == '\r';
        input.remove_prefix(1);

        const std::string_view line = line_.empty() ? piece : line_.append(piece);
        if (line.empty()) {
            if (auto event = end_event()) {
                return event;
            }
            continue;
        }
        HOWL_TRY_VOID(take_field(line));
        line_.clear();
    }
    return std::nullopt;
}

void Parser::start_stream() {
    forget_event();
    line_.clear();
    id_ = last_event_id_;
    mark_bytes_ = 0;
    mark_decided_ = false;
    after_cr_ = false;
    failed_ = false;
}

void Parser::skip_byte_order_mark(std::string_view& input) {
    while (!mark_decided_ && !input.empty()) {
        if (input.front() == kByteOrderMark[mark_bytes_]) {
            input.remove_prefix(1);
            ++mark_bytes_;
            mark_decided_ = mark_bytes_ == kByteOrderMark.size();
        } else {
            // What looked like the mark is the beginning of the first line.
            line_.assign(kByteOrderMark.substr(0, mark_bytes_));
            mark_decided_ = true;
        }
    }
}

Result<void> Parser::take_field(std::string_view line) {
    const std::size_t colon = line.find(':');
    const std::string_view name = line.substr(0, colon);
    std::string_view value;
    if (colon != std::string_view::npos) {
        value = line.substr(colon + 1);
        value.remove_prefix(value.starts_with(' ') ? 1 : 0);
    }
    if (name == "data") {
        return take_data(value);
    }
    if (name == "event") {
        type_ = value;
    } else if (name == "id" && !value.contains('\0')) {
        id_ = value;
    } else if (name == "retry") {
        take_retry(value);
    }
    // Any other line is a comment (no name) or a field that the standard says to ignore.
    return {};
}

Result<void> Parser::take_data(std::string_view value) {
    if (data_.size() + value.size() > limits_.data_bytes_max) {
        return give_up("read event stream data");
    }
    data_.append(value).push_back('\n');
    return {};
}

void Parser::take_retry(std::string_view value) {
    // The type bounds the wait to 49 days; what does not fit is ignored like any other bad value.
    std::uint32_t wait_ms = 0;
    const bool digits =
        std::ranges::all_of(value, [](char byte) { return byte >= '0' && byte <= '9'; });
    if (!digits || value.empty()) {
        return;
    }
    if (std::from_chars(value.data(), value.data() + value.size(), wait_ms).ec == std::errc{}) {
        retry_ = std::chrono::milliseconds{wait_ms};
    }
}

std::optional<EventView> Parser::end_event() {
    last_event_id_ = id_;
    if (data_.empty()) {
        type_.clear();
        return std::nullopt;
    }
    ended_ = true;
    return EventView{
        .type = type_.empty() ? kDefaultType : std::string_view{type_},
        .data = std::string_view{data_}.substr(0, data_.size() - 1),
        .last_event_id = last_event_id_,
    };
}

std::unexpected<Error> Parser::give_up(std::string_view context) {
    failed_ = true;
    return fail(Errc::kMessageTooBig, context);
}

void Parser::forget_event() {
    ended_ = false;
    type_.clear();
    data_.clear();
}

}  // namespace howl::codec::sse
