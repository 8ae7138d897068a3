// SPDX-License-Identifier: Apache-2.0
#include "codec/http/framing_guard.hpp"

#include <algorithm>
#include <charconv>

#include <boost/url/grammar/alnum_chars.hpp>
#include <boost/url/grammar/digit_chars.hpp>
#include <boost/url/grammar/hexdig_chars.hpp>

#include "codec/http/field_line.hpp"
#include "codec/http/field_list.hpp"

namespace howl::codec::http {
namespace {

constexpr std::size_t kMethodBytesMax = 32;
constexpr std::size_t kHostBytesMax = 255 + 1 + 5;  // A DNS name, a colon and a port.

constexpr auto kIsDigit = boost::urls::grammar::digit_chars;

constexpr bool is_host_letter(char letter) {
    constexpr std::string_view kMarks = "-._~";
    return boost::urls::grammar::alnum_chars(letter) || kMarks.contains(letter);
}

constexpr bool is_address_letter(char letter) {
    return boost::urls::grammar::hexdig_chars(letter) || letter == ':' || letter == '.';
}

constexpr bool is_target_letter(char letter) {
    return letter > ' ' && letter < '\x7F';
}

bool is_port(std::string_view text) {
    return text.size() <= 5 && std::ranges::all_of(text, kIsDigit);
}

std::unexpected<Error> ambiguous_head(std::string detail) {
    return fail(Errc::kAmbiguousFraming, "request head", std::move(detail));
}

std::unexpected<Error> bad_request_line() {
    return fail(Errc::kBadRequest, "request line", "expected 'METHOD target HTTP/1.1'");
}

}  // namespace

bool is_host(std::string_view text) noexcept {
    if (text.empty()) {
        return true;
    }
    if (text.size() > kHostBytesMax) {
        return false;
    }
    std::string_view name = text;
    std::string_view rest;
    const bool bracketed = text.front() == '[';
    const auto end = bracketed ? text.find(']') : text.find(':');
    if (end != std::string_view::npos) {
        name = text.substr(0, end);
        rest = text.substr(bracketed ? end + 1 : end);
    } else if (bracketed) {
        return false;
    }
    if (bracketed) {
        name.remove_prefix(1);
    }
    return !name.empty() &&
           std::ranges::all_of(name, bracketed ? is_address_letter : is_host_letter) &&
           (rest.empty() || (rest.front() == ':' && is_port(rest.substr(1))));
}

Result<std::optional<HeadFraming>> FramingGuard::scan(std::string_view bytes) {
    const auto head = bytes.substr(0, limits_.head_bytes_max);
    while (scanned_ < head.size()) {
        const char letter = head[scanned_++];
        if (after_cr_ != (letter == '\n')) {
            return ambiguous_head("a CR or LF stands alone");
        }
        if (after_cr_) {
            after_cr_ = false;
            const auto line = head.substr(line_start_, scanned_ - 2 - line_start_);
            line_start_ = scanned_;
            if (line.empty() && lines_ > 0) {
                HOWL_TRY(framing, finish());
                return framing;
            }
            HOWL_TRY_VOID(take_line(line));
        } else if (letter == '\r') {
            after_cr_ = true;
        } else if (is_control(letter)) {
            return ambiguous_head("a control character stands in the head");
        }
    }
    if (head.size() == limits_.head_bytes_max) {
        return fail(lines_ == 0 ? Errc::kTargetTooLong : Errc::kHeadersTooLarge, "request head");
    }
    return std::nullopt;
}

Result<void> FramingGuard::take_line(std::string_view line) {
    if (lines_ > limits_.lines_max) {
        return fail(Errc::kHeadersTooLarge, "request head", "too many lines");
    }
    ++lines_;
    return lines_ == 1 ? take_request_line(line) : take_field(line);
}

Result<void> FramingGuard::take_request_line(std::string_view line) {
    const auto method_end = line.find(' ');
    const auto target_end = line.rfind(' ');
    if (method_end == std::string_view::npos || method_end == target_end) {
        return bad_request_line();
    }
    const auto method = line.substr(0, method_end);
    const auto target = line.substr(method_end + 1, target_end - method_end - 1);
    const auto version = line.substr(target_end + 1);
    if (method.size() > kMethodBytesMax || !is_token(method) || target.empty() ||
        !std::ranges::all_of(target, is_target_letter)) {
        return bad_request_line();
    }
    if (target.size() > limits_.target_bytes_max) {
        return fail(Errc::kTargetTooLong, "request line");
    }
    if (version.size() != 8 || !version.starts_with("HTTP/") || !kIsDigit(version[5]) ||
        version[6] != '.' || !kIsDigit(version[7])) {
        return bad_request_line();
    }
    if (version != "HTTP/1.1" && version != "HTTP/1.0") {
        return fail(Errc::kHttpVersionNotSupported, "request line");
    }
    minor_version_ = version.back() == '1' ? 1 : 0;
    return {};
}

Result<void> FramingGuard::take_field(std::string_view line) {
    HOWL_TRY(field, parse_field_line(line));
    if (equals_ignoring_case(field.name, "content-length")) {
        return take_content_length(field.value);
    }
    if (equals_ignoring_case(field.name, "transfer-encoding")) {
        return take_transfer_encoding(field.value);
    }
    if (equals_ignoring_case(field.name, "host")) {
        return take_host(field.value);
    }
    if (equals_ignoring_case(field.name, "expect")) {
        return take_expect(field.value);
    }
    if (equals_ignoring_case(field.name, "connection")) {
        take_connection(field.value);
    }
    return {};
}

Result<void> FramingGuard::take_content_length(std::string_view value) {
    if (chunked_ || content_length_) {
        return ambiguous_head("the body's length is given twice");
    }
    const bool plain = !value.empty() && std::ranges::all_of(value, kIsDigit) &&
                       (value.size() == 1 || value.front() != '0');
    std::uint64_t length = 0;
    if (!plain ||
        std::from_chars(value.data(), value.data() + value.size(), length).ec != std::errc{}) {
        return ambiguous_head("Content-Length is not one plain number");
    }
    content_length_ = length;
    return {};
}

Result<void> FramingGuard::take_transfer_encoding(std::string_view value) {
    if (chunked_ || content_length_) {
        return ambiguous_head("the body's length is given twice");
    }
    if (minor_version_ == 0 || !equals_ignoring_case(value, "chunked")) {
        return ambiguous_head("Transfer-Encoding is not 'chunked' on HTTP/1.1");
    }
    chunked_ = true;
    return {};
}

Result<void> FramingGuard::take_host(std::string_view value) {
    if (has_host_ || !is_host(value)) {
        return ambiguous_head("Host is not one host");
    }
    has_host_ = true;
    return {};
}

Result<void> FramingGuard::take_expect(std::string_view value) {
    if (!equals_ignoring_case(value, "100-continue")) {
        return fail(Errc::kExpectationFailed, "request head");
    }
    // RFC 9110 section 10.1.1: an HTTP/1.0 client can't mean it.
    expects_continue_ = minor_version_ == 1;
    return {};
}

void FramingGuard::take_connection(std::string_view value) {
    has_close_ |= list_contains(value, "close");
    has_keep_alive_ |= list_contains(value, "keep-alive");
}

Result<HeadFraming> FramingGuard::finish() const {
    if (!has_host_ && minor_version_ == 1) {
        return ambiguous_head("HTTP/1.1 without a Host");
    }
    HeadFraming framing{.head_bytes = scanned_, .minor_version = minor_version_};
    framing.keep_alive = !has_close_ && (minor_version_ == 1 || has_keep_alive_);
    if (chunked_) {
        framing.body = BodyKind::kChunked;
    } else if (content_length_.value_or(0) > 0) {
        framing.body = BodyKind::kLength;
        framing.body_bytes = *content_length_;
    }
    framing.expects_continue = expects_continue_ && framing.body != BodyKind::kNone;
    return framing;
}

Result<std::optional<HeadFraming>> inspect_head(std::string_view bytes, HeadLimits limits) {
    return FramingGuard{limits}.scan(bytes);
}

}  // namespace howl::codec::http
