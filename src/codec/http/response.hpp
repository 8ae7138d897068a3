// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "codec/http/request.hpp"

namespace howl::codec::http {

enum class ConnectionPersistence : std::uint8_t { kClose, kKeepAlive };
enum class BodyBytes : std::uint8_t { kSent, kOmitted };

/// How a client finds the end of a body that is sent after the head.
enum class StreamFraming : std::uint8_t { kUntilClose, kChunked };

/// What the head of a reply needs from its request and the time of day.
struct ReplyContext {
    /// For a reply to `request` at `now`: no body for HEAD, keep-alive as it asked.
    [[nodiscard]] static ReplyContext to(const Request& request, WallTime now) noexcept;
    /// For a reply to bytes that are no valid request: in HTTP/1.1, closing.
    [[nodiscard]] static ReplyContext closing(WallTime now) noexcept;

    WallTime now;
    std::uint8_t minor_version = 1;
    ConnectionPersistence persistence = ConnectionPersistence::kClose;
    BodyBytes body = BodyBytes::kSent;
};

/// A reply, and the one place where headers become bytes.
///
/// No text can split a response: `set` leaves out a header whose name is not a token or whose value
/// holds a control character (CR, LF, NUL, ...), since such a value comes from a peer or not at
/// all, and a missing header harms nobody. `Date`, `Content-Length`, `Transfer-Encoding` and
/// `Connection` are the serializer's; `set` leaves them out too.
class Response {
public:
    explicit Response(std::uint16_t status) : status_(status) {}

    [[nodiscard]] static Response no_content();
    /// `text/plain; charset=utf-8`.
    [[nodiscard]] static Response text(std::uint16_t status, std::string body);
    /// `application/json`; `body` is JSON already, and is sent as `escape_separators` makes it.
    [[nodiscard]] static Response json(std::uint16_t status, std::string body);
    /// `application/problem+json` (RFC 9457) with the status, text and code of the error's row, and
    /// its detail if it has one. A retryable 429, 503 or 507 carries `retry_after`.
    [[nodiscard]] static Response problem(const Error& error,
                                          std::chrono::seconds retry_after = std::chrono::seconds{
                                              1});

    /// Sets a header, in place of any others of that name. See above for what is left out.
    void set(std::string_view name, std::string_view value);
    /// Adds a header beside others of that name, by the same rules.
    void add(std::string_view name, std::string_view value);
    void set_body(std::string body) { body_ = std::move(body); }

    [[nodiscard]] std::uint16_t status() const noexcept { return status_; }
    [[nodiscard]] const std::string& body() const noexcept { return body_; }
    [[nodiscard]] const std::vector<Header>& headers() const noexcept { return headers_; }
    /// The value of the first header of that name; empty if there is none.
    [[nodiscard]] std::string_view header(std::string_view name) const noexcept;

    /// Head and body. With status 101 the head ends the HTTP conversation: `Connection: Upgrade`.
    [[nodiscard]] std::string serialize(const ReplyContext& context) const;
    /// The head of a reply whose body follows piece by piece. `kUntilClose`, and any stream to an
    /// HTTP/1.0 client, closes the connection whatever the context says.
    [[nodiscard]] std::string serialize_stream_head(const ReplyContext& context,
                                                    StreamFraming framing) const;

private:
    std::uint16_t status_;
    std::vector<Header> headers_;
    std::string body_;
};

/// `HTTP/1.1 100 Continue`, complete.
[[nodiscard]] std::string_view continue_reply() noexcept;

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7).
[[nodiscard]] std::string http_date(WallTime time);

}  // namespace howl::codec::http
