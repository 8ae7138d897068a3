// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "base/result.hpp"
#include "transport/http/router.hpp"

namespace howl::compat {

/// The replies of an Express 4 server with `cors` and `body-parser`, which the originals of
/// `chat-relay` and `cloud-toggle` are: CORS for everyone, 204 for any
/// OPTIONS, and errors as the HTML pages of its production mode.
///
/// Deliberately absent: `X-Powered-By: Express`, which no client reads and which is not true.
class ExpressResponsePolicy final : public transport::ResponsePolicy {
public:
    /// `{"*"}` answers `Access-Control-Allow-Origin: *`, as the originals; a list reflects the
    /// Origin where it is in it.
    explicit ExpressResponsePolicy(std::vector<std::string> allowed_origins)
        : rule_(std::move(allowed_origins)) {}

    [[nodiscard]] const transport::OriginRule& origins() const override { return rule_; }
    /// A page with the reason phrase. A path that nothing answers is 404 whatever the method, and
    /// its page, which names the request, is written by `finish`.
    [[nodiscard]] codec::http::Response render(const Error& error) const override;
    [[nodiscard]] codec::http::Response preflight(const codec::http::Request& request,
                                                  std::string_view allowed) const override;
    void finish(const codec::http::Request& request,
                codec::http::Response& response) const override;

private:
    const transport::OriginRule rule_;
};

/// What `body-parser` takes; reached: 413 and a page.
inline constexpr std::size_t kExpressBodyBytesMax = std::size_t{100} * 1024;

/// The body as JSON, whatever its Content-Type; an empty one is `{}`.
/// Errors: `kBodyTooLarge`; `kInvalidJson`, also for what is neither an object nor an array.
[[nodiscard]] Result<boost::json::value> express_body(const codec::http::Request& request);

/// `body` is JSON already. Carries the charset and the weak `ETag` that Express makes of it.
[[nodiscard]] codec::http::Response express_json(std::uint16_t status, std::string body);
/// The same for a GET: 304 where the request's `If-None-Match` shows that the client has it.
[[nodiscard]] codec::http::Response express_json(const codec::http::Request& request,
                                                 std::string body);
/// `W/"<length>-<27 characters of the base64 of the SHA-1>"`.
[[nodiscard]] std::string express_etag(std::string_view body);

}  // namespace howl::compat
