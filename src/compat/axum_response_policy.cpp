// SPDX-License-Identifier: Apache-2.0
#include "compat/axum_response_policy.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <boost/beast/core/string.hpp>
#include <fmt/format.h>

#include "codec/http/preferences.hpp"
#include "products/reading.hpp"

namespace howl::compat {

using boost::beast::iequals;
using codec::http::Request;
using codec::http::Response;
using products::start_point_of;

namespace {

/// What the framework's extractors say; the detail follows.
struct Words {
    Errc code;
    std::uint16_t status;
    std::string_view text;
};
constexpr std::array kExtractors{
    Words{Errc::kInvalidQuery, 400, "Failed to deserialize query string"},
    Words{Errc::kInvalidJson, 400, "Failed to parse the request body as JSON"},
    Words{Errc::kBadRequest, 422, "Failed to deserialize the JSON body into the target type"},
    Words{Errc::kUnsupportedData, 415, "Expected request with `Content-Type: application/json`"},
};

}  // namespace

Response AxumResponsePolicy::render(const Error& error) const {
    const auto& entry = error.entry();
    if (error.code == Errc::kNotFound || error.code == Errc::kMethodNotAllowed) {
        return Response{entry.http_status};
    }
    const auto words = std::ranges::find(kExtractors, error.code, &Words::code);
    if (words == kExtractors.end()) {
        return Response::text(entry.http_status,
                              error.detail.empty() ? std::string{entry.text} : error.detail);
    }
    const auto link = error.detail.empty() ? "" : ": ";
    return Response::text(words->status, fmt::format("{}{}{}", words->text, link, error.detail));
}

Response AxumResponsePolicy::preflight(const Request& /*request*/,
                                       std::string_view /*allowed*/) const {
    Response response{200};
    response.set("access-control-allow-methods", "*");
    response.set("access-control-allow-headers", "*");
    return response;
}

void AxumResponsePolicy::finish(const Request& request, Response& response) const {
    const auto origin = request.header("Origin");
    if (rule_.allows_everyone()) {
        response.set("access-control-allow-origin", "*");
    } else if (!origin.empty() && rule_.allows(origin, request.header("Host"))) {
        response.set("access-control-allow-origin", origin);
    }
    response.set("access-control-expose-headers", "*");
    for (const std::string_view field :
         {"origin", "access-control-request-method", "access-control-request-headers"}) {
        response.add("vary", field);
    }
}

Result<std::string> axum_query(const Request& request, std::string_view field) {
    auto value = request.query_value(field);
    if (!value) {
        return fail(Errc::kInvalidQuery, "query", fmt::format("missing field `{}`", field));
    }
    return std::move(*value);
}

Result<void> check_axum_json(const Request& request) {
    constexpr std::string_view kFamily = "application/";
    constexpr std::string_view kSuffix = "+json";
    const auto type = codec::http::media_type_of(request);
    const bool is_application = iequals(type.substr(0, kFamily.size()), kFamily);
    const auto subtype = is_application ? type.substr(kFamily.size()) : std::string_view{};
    const bool has_suffix = subtype.size() > kSuffix.size() &&
                            iequals(subtype.substr(subtype.size() - kSuffix.size()), kSuffix);
    if (!iequals(subtype, "json") && !has_suffix) {
        return fail(Errc::kUnsupportedData, "body");
    }
    return {};
}

transport::SseReply axum_stream(const Request& request, const transport::SseStyle& style,
                                hub::TopicName topic, const hub::EventEncoder& encoder) {
    auto start = start_point_of(request);
    auto reply = axum_stream(style);
    reply.subscription = session::Subscription{
        {std::move(topic)}, start ? std::move(*start) : hub::StartPoint{hub::FromNow{}}, &encoder};
    return reply;
}

transport::SseReply axum_stream(const transport::SseStyle& style) {
    transport::SseReply reply;
    reply.style = &style;
    reply.head.set("Cache-Control", "no-cache");
    return reply;
}

transport::SseStyle axum_style(std::chrono::milliseconds keep_alive) {
    return {.heartbeat_comment = "keep-alive-text", .heartbeat = keep_alive};
}

}  // namespace howl::compat
