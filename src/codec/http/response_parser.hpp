// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "codec/http/request.hpp"

namespace howl::codec::http {

/// Reads one response in our own command line client: its head first, then its body as it comes.
///
/// A stream of events has no end and must be shown piece by piece, so the body is handed out with
/// `take_body` and never collected. Understands Content-Length, chunked, and a body that ends with
/// the connection. It trusts the server that it calls: the framing guard is not applied.
///
/// Errors: `kProtocolError` for what is not HTTP, `kPeerClosed` for a response cut short.
class ResponseParser {
public:
    /// `request_method` decides whether a body follows: none answers HEAD.
    explicit ResponseParser(Method request_method);
    ResponseParser(ResponseParser&&) noexcept;
    ResponseParser& operator=(ResponseParser&&) noexcept;
    ~ResponseParser();

    /// Takes the next bytes from the connection. Bytes after the response's end are left out.
    [[nodiscard]] Result<void> feed(std::string_view bytes);
    /// The connection ended.
    [[nodiscard]] Result<void> feed_end();

    [[nodiscard]] bool has_head() const noexcept;
    [[nodiscard]] bool complete() const noexcept;
    /// The bytes of the body since the last call.
    [[nodiscard]] std::string take_body();

    /// Requires: `has_head()`.
    [[nodiscard]] std::uint16_t status() const noexcept;
    /// The value of the first header of that name; empty if there is none.
    /// Requires: `has_head()`.
    [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
    /// True if the connection may carry another request.
    /// Requires: `complete()`.
    [[nodiscard]] bool keep_alive() const noexcept;

private:
    struct Parsing;
    std::unique_ptr<Parsing> parsing_;
};

}  // namespace howl::codec::http
