// SPDX-License-Identifier: Apache-2.0
// Any bytes to the request parser: no crash, the same outcome however they are cut, nothing of a
// request lost or kept too long, and, where Beast takes the request too, the same end and body.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "codec/http/request_parser.hpp"
#include "codec/http/response.hpp"

namespace {

using howl::Errc;
using howl::codec::http::ReplyContext;
using howl::codec::http::Request;
using howl::codec::http::RequestLimits;
using howl::codec::http::RequestParser;
using howl::codec::http::Response;

// Small, so that short inputs reach them.
constexpr RequestLimits kLimits{
    .head = {.head_bytes_max = 512, .lines_max = 8, .target_bytes_max = 64},
    .body_bytes_max = 256,
};

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

struct Outcome {
    std::vector<Request> requests;
    std::vector<std::size_t> ends;  ///< Where each request ended in the stream.
    std::optional<Errc> error;
};

/// Feeds one segment, request by request. False after an error.
bool feed_segment(RequestParser& parser, std::string_view segment, std::size_t start,
                  Outcome& outcome) {
    std::size_t used = 0;
    while (used < segment.size()) {
        const auto fed = parser.feed(segment.substr(used));
        if (!fed) {
            outcome.error = fed.error().code;
            require(parser.stage() == RequestParser::Stage::kFailed);
            return false;
        }
        used += fed->consumed;
        if (fed->progress == RequestParser::Progress::kNeedMore) {
            require(used == segment.size());
            break;
        }
        require(fed->consumed > 0);
        outcome.requests.push_back(parser.take());
        outcome.ends.push_back(start + used);
        require(parser.stage() == RequestParser::Stage::kIdle);
    }
    return true;
}

Outcome feed_cut_at(std::string_view bytes, std::size_t cut) {
    RequestParser parser{kLimits};
    Outcome outcome;
    if (feed_segment(parser, bytes.substr(0, cut), 0, outcome)) {
        feed_segment(parser, bytes.substr(cut), cut, outcome);
    }
    return outcome;
}

Outcome feed_bytewise(std::string_view bytes) {
    RequestParser parser{kLimits};
    Outcome outcome;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (!feed_segment(parser, bytes.substr(i, 1), i, outcome)) {
            break;
        }
    }
    return outcome;
}

void require_same(const Outcome& left, const Outcome& right) {
    require(left.error == right.error && left.ends == right.ends);
    for (std::size_t i = 0; i < left.requests.size(); ++i) {
        require(left.requests[i].body == right.requests[i].body);
        require(left.requests[i].target == right.requests[i].target);
        require(left.requests[i].headers.size() == right.requests[i].headers.size());
    }
}

/// A second opinion on where a request ends. Beast is stricter about chunk extensions, which is no
/// ambiguity: it then refuses instead of cutting elsewhere.
void require_beast_agrees(std::string_view bytes, const Request& request) {
    boost::beast::http::request_parser<boost::beast::http::string_body> parser;
    parser.eager(true);
    boost::system::error_code ec;
    const auto used = parser.put(boost::asio::buffer(bytes), ec);
    if (ec) {
        require(ec != boost::beast::http::error::need_more);
        return;
    }
    require(parser.is_done() && used == bytes.size() && parser.get().body() == request.body);
}

/// What an endpoint does with a request, and the reply to it.
void use(const Request& request) {
    for (const auto& segment : request.path_segments()) {
        require(!segment.contains('\0'));
    }
    static_cast<void>(request.query_values("topic"));
    static_cast<void>(request.lists("Connection", "upgrade"));
    Response response{200};
    response.set("X-Echo", request.header("X-Echo"));
    response.set("Location", request.query_value("to").value_or(""));
    const auto bytes = response.serialize(ReplyContext::to(request, {}));
    require(bytes.find("\r\n\r\n") == bytes.size() - 4);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::string_view bytes{reinterpret_cast<const char*>(data) + 1, size - 1};
    const auto whole = feed_cut_at(bytes, bytes.size());
    require_same(whole, feed_cut_at(bytes, data[0] % (bytes.size() + 1)));
    require_same(whole, feed_bytewise(bytes));
    std::size_t start = 0;
    for (std::size_t i = 0; i < whole.requests.size(); ++i) {
        require_beast_agrees(bytes.substr(start, whole.ends[i] - start), whole.requests[i]);
        use(whole.requests[i]);
        start = whole.ends[i];
    }
    return 0;
}
