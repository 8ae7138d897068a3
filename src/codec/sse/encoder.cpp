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

/// Writes lines of one stream's style.
class LineWriter {
public:
    LineWriter(std::string& out, Spacing spacing) : out_(out), spacing_(spacing) {}

    /// `field` is empty for a comment.
    void line(std::string_view field, std::string_view value) {
        out_.append(field).append(spacing_ == Spacing::kSpace ? ": " : ":").append(value);
        end();
    }
    /// One output line per line of `text`; an empty text is one empty line.
    void lines(std::string_view field, std::string_view text);
    void end() { out_.push_back('\n'); }

private:
    std::string& out_;
    const Spacing spacing_;
};

void LineWriter::lines(std::string_view field, std::string_view text) {
    for (;;) {
        const std::size_t size = line_size(text);
        line(field, text.substr(0, size));
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

void append_event(std::string& out, const EventFields& fields, Spacing spacing) {
    LineWriter writer{out, spacing};
    if (is_valid_id(fields.id)) {
        writer.line("id", fields.id);
    } else if (!fields.id.empty()) {
        HOWL_BUG("sse id not checked");
    }
    if (is_valid_field(fields.event)) {
        writer.line("event", fields.event);
    } else if (!fields.event.empty()) {
        HOWL_BUG("sse event name not checked");
    }
    if (fields.data) {
        writer.lines("data", *fields.data);
    }
    writer.end();
}

void append_comment(std::string& out, std::string_view text, Spacing spacing) {
    LineWriter writer{out, spacing};
    writer.lines("", text);
    writer.end();
}

void append_retry(std::string& out, std::chrono::milliseconds wait) {
    LineWriter writer{out, Spacing::kSpace};
    writer.line("retry", std::to_string(std::max<std::int64_t>(wait.count(), 0)));
    writer.end();
}

}  // namespace howl::codec::sse
