// SPDX-License-Identifier: Apache-2.0
#include "compat/express_response_policy.hpp"

#include <array>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <fmt/format.h>
#include <openssl/evp.h>

#include "base/assert.hpp"
#include "codec/http/preferences.hpp"

namespace howl::compat {

namespace http = codec::http;
using http::Request;
using http::Response;

namespace {

constexpr std::string_view kPageType = "text/html; charset=utf-8";

std::string escape_html(std::string_view text) {
    std::string out;
    for (const char letter : text) {
        switch (letter) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += letter;
        }
    }
    return out;
}

void set_page(Response& response, std::string_view text) {
    response.set("Content-Security-Policy", "default-src 'none'");
    response.set("X-Content-Type-Options", "nosniff");
    response.set("Content-Type", kPageType);
    response.set_body(
        fmt::format("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                    "<title>Error</title>\n</head>\n<body>\n<pre>{}</pre>\n</body>\n</html>\n",
                    escape_html(text)));
}

/// The words of Node's status table where an endpoint of this kind answers with them.
std::string_view words_for(const ErrorEntry& entry) {
    switch (entry.http_status) {
        case 400:
            return "Bad Request";
        case 403:
            return "Forbidden";
        case 413:
            return "Payload Too Large";
        case 426:
            return "Upgrade Required";
        case 503:
            return "Service Unavailable";
        default:
            return entry.text;
    }
}

}  // namespace

Response ExpressResponsePolicy::render(const Error& error) const {
    if (error.code == Errc::kNotFound || error.code == Errc::kMethodNotAllowed) {
        return Response{404};
    }
    Response response{error.entry().http_status};
    set_page(response, words_for(error.entry()));
    return response;
}

Response ExpressResponsePolicy::preflight(const Request& request,
                                          std::string_view /*allowed*/) const {
    auto response = Response::no_content();
    response.set("Access-Control-Allow-Methods", "GET,HEAD,PUT,PATCH,POST,DELETE");
    response.add("Vary", "Access-Control-Request-Headers");
    const auto wanted = request.header("Access-Control-Request-Headers");
    if (!wanted.empty()) {
        response.set("Access-Control-Allow-Headers", wanted);
    }
    return response;
}

void ExpressResponsePolicy::finish(const Request& request, Response& response) const {
    const auto origin = request.header("Origin");
    if (rule_.allows_everyone()) {
        response.set("Access-Control-Allow-Origin", "*");
    } else {
        response.add("Vary", "Origin");
        if (!origin.empty() && rule_.allows(origin, request.header("Host"))) {
            response.set("Access-Control-Allow-Origin", origin);
        }
    }
    const bool is_unknown_route = response.status() == 404 && response.body().empty();
    if (is_unknown_route) {
        set_page(response, fmt::format("Cannot {} {}", request.method_text, request.path));
    }
}

Result<boost::json::value> express_body(const Request& request) {
    if (request.body.size() > kExpressBodyBytesMax) {
        return fail(Errc::kBodyTooLarge, "body");
    }
    if (request.body.empty()) {
        return boost::json::object{};
    }
    boost::system::error_code error;
    auto value = boost::json::parse(request.body, error);
    if (error || !value.is_structured()) {
        return fail(Errc::kInvalidJson, "body");
    }
    return value;
}

Response express_json(std::uint16_t status, std::string body) {
    Response response{status};
    response.set("Content-Type", "application/json; charset=utf-8");
    response.set("ETag", express_etag(body));
    response.set_body(std::move(body));
    return response;
}

Response express_json(const Request& request, std::string body) {
    const auto etag = express_etag(body);
    if (!http::has_etag(request, etag) || request.lists("Cache-Control", "no-cache")) {
        return express_json(200, std::move(body));
    }
    Response response{304};
    response.set("ETag", etag);
    return response;
}

std::string express_etag(std::string_view body) {
    constexpr std::size_t kHashCharacters = 27;  // Express cuts the padding off.
    std::array<unsigned char, 20> digest{};
    const int hashed =
        EVP_Digest(body.data(), body.size(), digest.data(), nullptr, EVP_sha1(), nullptr);
    HOWL_ASSERT(hashed == 1);  // Only running out of memory can fail it.
    std::array<unsigned char, 32> base64{};
    EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(digest.size()));
    const std::string hash{base64.begin(), base64.begin() + kHashCharacters};
    return fmt::format("W/\"{:x}-{}\"", body.size(), hash);
}

}  // namespace howl::compat
