// SPDX-License-Identifier: Apache-2.0
#include "codec/sse/encoder.hpp"

#include <algorithm>
#include <cstdint>

#include "base/assert.hpp"
#include "base/limits.hpp"
#include "codec/sse/lines.hpp"

namespace howl::codec::sse {
namespace {

bool is_printable_ascii(char byte) noexcept {
    return byte >= ' ' && byte <= '~';
}

bool is_id_byte(char byte) noexcept {
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
           (byte >= '0' && byte <= '9') || byte == '.' || byte == '_' || byte == ':' || byte == '-';
}

void append_line(std::string& out, std::string_view prefix, std::string_view line) {
    out.append(prefix).append(line).push_back('\n');
}

/// One output line per line of `text`; an empty text is one empty line.
void append_lines(std::string& out, std::string_view prefix, std::string_view text) {
    for (;;) {
        const std::size_t size = line_size(text);
        append_line(out, prefix, text.substr(0, size));
        text.remove_prefix(size);
        if (text.empty()) {
            return;
        }
        text.remove_prefix(text.starts_with("\r\n") ? 2 : 1);
    }
}

}  // namespace

bool is_valid_field(std::string_view text) noexcept {
    return !text.empty() && std::ranges::all_of(text, is_printable_ascii);
}

bool is_valid_id(std::string_view text) noexcept {
    return !text.empty() && text.size() <= limits::kSseIdBytesMax &&
           std::ranges::all_of(text, is_id_byte);
}

void append_event(std::string& out, const EventFields& fields) {
    if (is_valid_id(fields.id)) {
        append_line(out, "id: ", fields.id);
    } else if (!fields.id.empty()) {
        HOWL_BUG("sse id not checked");
    }
    if (is_valid_field(fields.event)) {
        append_line(out, "event: ", fields.event);
    } else if (!fields.event.empty()) {
        HOWL_BUG("sse event name not checked");
    }
    if (fields.data) {
        append_lines(out, "data: ", *fields.data);
    }
    out.push_back('\n');
}

void append_comment(std::string& out, std::string_view text) {
    append_lines(out, ": ", text);
    out.push_back('\n');
}

void append_retry(std::string& out, std::chrono::milliseconds wait) {
    append_line(out, "retry: ", std::to_string(std::max<std::int64_t>(wait.count(), 0)));
    out.push_back('\n');
}

}  // namespace howl::codec::sse
