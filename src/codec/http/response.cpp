// SPDX-License-Identifier: Apache-2.0
#include "codec/http/response.hpp"

#include <algorithm>
#include <array>

#include <boost/beast/http/status.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "base/utf8.hpp"
#include "codec/http/field_line.hpp"
#include "codec/json_text.hpp"

namespace howl::codec::http {
namespace {

bool belongs_to_serializer(std::string_view name) {
    constexpr std::array<std::string_view, 4> kOwned{"date", "content-length", "transfer-encoding",
                                                     "connection"};
    return std::ranges::any_of(
        kOwned, [name](std::string_view owned) { return equals_ignoring_case(name, owned); });
}

bool may_be_sent(std::string_view name, std::string_view value) {
    return is_token(name) && !has_control(value) && !belongs_to_serializer(name);
}

/// RFC 9110 sections 8.6 and 15.2: these have no body and say nothing about its length.
bool is_bodiless(std::uint16_t status) {
    return status < 200 || status == 204 || status == 304;
}

std::string_view reason_of(std::uint16_t status) {
    const auto known = boost::beast::http::int_to_status(status);
    if (known == boost::beast::http::status::unknown) {
        return {};
    }
    const auto reason = boost::beast::http::obsolete_reason(known);
    return {reason.data(), reason.size()};
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

/// RFC 9112 section 9.3: keep-alive is the default of 1.1 and must be sent in 1.0.
void append_connection_header(std::string& out, const ReplyContext& context) {
    if (context.persistence == ConnectionPersistence::kClose) {
        append_header(out, "Connection", "close");
    } else if (context.minor_version == 0) {
        append_header(out, "Connection", "keep-alive");
    }
}

std::string begin_head(const Response& response, const ReplyContext& context) {
    std::string out =
        fmt::format("HTTP/1.1 {} {}\r\n", response.status(), reason_of(response.status()));
    append_header(out, "Date", http_date(context.now));
    for (const auto& header : response.headers()) {
        append_header(out, header.name, header.value);
    }
    return out;
}

/// Text that a JSON string may hold; bytes that are not UTF-8 become question marks.
std::string as_json_text(std::string text) {
    if (!is_valid_utf8(text)) {
        std::ranges::replace_if(
            text, [](char letter) { return (static_cast<unsigned char>(letter) & 0x80U) != 0; },
            '?');
    }
    return text;
}

bool carries_retry_after(const ErrorEntry& entry) {
    return entry.retry == Retry::kRetryable &&
           (entry.http_status == 429 || entry.http_status == 503 || entry.http_status == 507);
}

}  // namespace

ReplyContext ReplyContext::to(const Request& request, WallTime now) noexcept {
    return {.now = now,
            .minor_version = request.minor_version,
            .persistence = request.keep_alive ? ConnectionPersistence::kKeepAlive
                                              : ConnectionPersistence::kClose,
            .body = request.method == Method::kHead ? BodyBytes::kOmitted : BodyBytes::kSent};
}

ReplyContext ReplyContext::closing(WallTime now) noexcept {
    return {.now = now};
}

Response Response::no_content() {
    return Response{204};
}

Response Response::text(std::uint16_t status, std::string body) {
    Response response{status};
    response.set("Content-Type", "text/plain; charset=utf-8");
    response.set_body(std::move(body));
    return response;
}

Response Response::json(std::uint16_t status, std::string body) {
    Response response{status};
    response.set("Content-Type", "application/json");
    response.set_body(escape_separators(std::move(body)));
    return response;
}

Response Response::problem(const Error& error, std::chrono::seconds retry_after) {
    const auto& entry = error.entry();
    boost::json::object body{{"type", "about:blank"},
                             {"title", entry.text},
                             {"status", entry.http_status},
                             {"code", entry.name}};
    if (!error.detail.empty()) {
        body["detail"] = as_json_text(error.detail);
    }
    Response response{entry.http_status};
    response.set("Content-Type", "application/problem+json");
    response.set("Cache-Control", "no-store");
    if (carries_retry_after(entry)) {
        response.set("Retry-After", std::to_string(std::max<std::int64_t>(retry_after.count(), 1)));
    }
    response.set_body(json_text(body));
    return response;
}

void Response::set(std::string_view name, std::string_view value) {
    std::erase_if(headers_,
                  [name](const Header& header) { return equals_ignoring_case(header.name, name); });
    add(name, value);
}

void Response::add(std::string_view name, std::string_view value) {
    if (may_be_sent(name, value)) {
        headers_.emplace_back(std::string{name}, std::string{value});
    }
}

std::string_view Response::header(std::string_view name) const noexcept {
    const auto found = std::ranges::find_if(
        headers_, [name](const Header& header) { return equals_ignoring_case(header.name, name); });
    return found == headers_.end() ? std::string_view{} : std::string_view{found->value};
}

std::string Response::serialize(const ReplyContext& context) const {
    std::string out = begin_head(*this, context);
    if (status_ == 101) {
        append_header(out, "Connection", "Upgrade");
    } else {
        append_connection_header(out, context);
    }
    const bool bodiless = is_bodiless(status_);
    if (!bodiless) {
        append_header(out, "Content-Length", std::to_string(body_.size()));
    }
    out += "\r\n";
    if (!bodiless && context.body == BodyBytes::kSent) {
        out += body_;
    }
    return out;
}

std::string Response::serialize_stream_head(const ReplyContext& context,
                                            StreamFraming framing) const {
    ReplyContext actual = context;
    if (framing == StreamFraming::kUntilClose || context.minor_version == 0) {
        actual.persistence = ConnectionPersistence::kClose;
    }
    std::string out = begin_head(*this, actual);
    append_connection_header(out, actual);
    if (framing == StreamFraming::kChunked && context.minor_version == 1) {
        append_header(out, "Transfer-Encoding", "chunked");
    }
    out += "\r\n";
    return out;
}

std::string_view continue_reply() noexcept {
    return "HTTP/1.1 100 Continue\r\n\r\n";
}

std::string http_date(WallTime time) {
    // The names are English whatever the locale, so no library call prints them.
    constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed",
                                                    "Thu", "Fri", "Sat"};
    constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::seconds>(time - day)};
    return fmt::format(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[std::chrono::weekday{day}.c_encoding()],
        static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
        static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
        clock.seconds().count());
}

}  // namespace howl::codec::http
