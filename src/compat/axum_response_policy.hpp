// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "hub/session_sink.hpp"
#include "hub/topic_name.hpp"
#include "transport/http/router.hpp"

namespace howl::compat {

/// The replies of an axum 0.7 server with tower-http's permissive CORS, which the original of
/// `/v1` to `/v4` is (docs/protocols): CORS for everyone, 200 for any OPTIONS, and errors as
/// plain text in the framework's words.
///
/// What a handler found wrong is told by the error: `kInvalidQuery` and `kInvalidJson` are 400,
/// `kBadRequest`, JSON that says something else, is 422, `kUnsupportedData` is 415. The detail
/// follows the words of the framework.
class AxumResponsePolicy final : public transport::ResponsePolicy {
public:
    /// `{"*"}` answers everyone, as the original; a list reflects the Origin where it is in it.
    explicit AxumResponsePolicy(std::vector<std::string> allowed_origins)
        : rule_(std::move(allowed_origins)) {}

    [[nodiscard]] const transport::OriginRule& origins() const override { return rule_; }
    /// A path or a method that there is not has no body.
    [[nodiscard]] codec::http::Response render(const Error& error) const override;
    [[nodiscard]] codec::http::Response preflight(const codec::http::Request& request,
                                                  std::string_view allowed) const override;
    void finish(const codec::http::Request& request,
                codec::http::Response& response) const override;

private:
    const transport::OriginRule rule_;
};

/// A field of the extractor `Query`. Errors: `kInvalidQuery`, "missing field".
[[nodiscard]] Result<std::string> axum_query(const codec::http::Request& request,
                                             std::string_view field);

/// What the extractor `Json` checks before it reads the body: that the Content-Type is
/// `application/json` or ends in `+json`. Errors: `kUnsupportedData`.
[[nodiscard]] Result<void> check_axum_json(const codec::http::Request& request);

/// A stream with the head of `axum::response::Sse`, which follows nothing.
[[nodiscard]] transport::SseReply axum_stream(const transport::SseStyle& style);
/// A stream that goes on where the client stands. An id that is not ours, from another server's
/// page, is no reason to refuse an old client: it begins with what comes now.
[[nodiscard]] transport::SseReply axum_stream(const codec::http::Request& request,
                                              const transport::SseStyle& style,
                                              hub::TopicName topic,
                                              const hub::EventEncoder& encoder);

/// The comment of `axum::response::sse::KeepAlive` with the original's text.
[[nodiscard]] transport::SseStyle axum_style(std::chrono::milliseconds keep_alive);

}  // namespace howl::compat
