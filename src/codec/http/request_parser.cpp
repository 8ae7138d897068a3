// SPDX-License-Identifier: Apache-2.0
#include "codec/http/request_parser.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include "base/assert.hpp"
#include "codec/http/chunked_decoder.hpp"
#include "codec/http/field_line.hpp"
#include "codec/http/target.hpp"

namespace howl::codec::http {
namespace {

namespace beast_http = boost::beast::http;

using HeadParser = beast_http::request_parser<beast_http::empty_body>;

std::string_view view(boost::beast::string_view text) {
    return {text.data(), text.size()};
}

/// The host that the target names and the host that the header names route the request to two
/// places if they differ (RFC 9112 section 3.2.2).
bool hosts_agree(const Target& target, const Request& request) {
    return target.authority.empty() || !request.has_header("Host") ||
           equals_ignoring_case(target.authority, request.header("Host"));
}

Result<void> read_target(std::string_view text, Request& request) {
    HOWL_TRY(target, parse_target(text));
    if (request.method_text == "CONNECT" ||
        (target.path == "*" && request.method != Method::kOptions)) {
        return fail(Errc::kBadRequest, "request target", "the method does not take this target");
    }
    if (!hosts_agree(target, request)) {
        return fail(Errc::kAmbiguousFraming, "request target", "the target names another host");
    }
    request.path = std::move(target.path);
    request.query = std::move(target.query);
    request.target = request.path;
    if (text.contains('?')) {
        request.target.append("?").append(request.query);
    }
    return {};
}

Result<void> read_head(std::string_view head, const HeadLimits& limits, Request& request) {
    HeadParser parser;
    parser.eager(false);
    parser.body_limit(boost::none);  // Decided by `HeadFraming`.
    parser.header_limit(static_cast<std::uint32_t>(limits.head_bytes_max));
    boost::system::error_code ec;
    const auto used = parser.put(boost::asio::buffer(head), ec);
    if (ec || used != head.size() || !parser.is_header_done()) {
        return fail(Errc::kBadRequest, "request head", ec.message());
    }
    const auto& message = parser.get();
    request.method_text = view(message.method_string());
    request.method = method_from(request.method_text);
    request.headers.reserve(
        static_cast<std::size_t>(std::distance(message.begin(), message.end())));
    for (const auto& field : message) {
        request.headers.emplace_back(std::string{view(field.name_string())},
                                     std::string{view(field.value())});
    }
    return read_target(view(message.target()), request);
}

ChunkedLimits chunked_limits(const RequestLimits& limits) {
    ChunkedLimits chunked;
    chunked.body_bytes_max = limits.body_bytes_max;
    chunked.trailer_bytes_max = limits.head.head_bytes_max;
    return chunked;
}

}  // namespace

/// State of a request that is coming in.
struct RequestParser::Pending {
    explicit Pending(const RequestLimits& limits)
        : guard(limits.head), chunked(chunked_limits(limits)) {}

    Stage stage = Stage::kHead;
    bool body_begun = false;
    std::string
        head;  ///< The bytes so far of a head that has not ended; empty if it came in one piece.
    FramingGuard guard;
    HeadFraming framing;
    ChunkedDecoder chunked;
    Request request;
};

RequestParser::RequestParser(const RequestLimits& limits) : limits_(&limits) {}
RequestParser::RequestParser(RequestParser&&) noexcept = default;
RequestParser& RequestParser::operator=(RequestParser&&) noexcept = default;
RequestParser::~RequestParser() = default;

Result<RequestParser::Fed> RequestParser::feed(std::string_view bytes) {
    if (failure_) {
        return fail(*failure_, "request parser");
    }
    auto consumed = feed_stages(bytes);
    if (!consumed) {
        failure_ = consumed.error().code;
        pending_.reset();
        return std::unexpected(std::move(consumed).error());
    }
    return Fed{.consumed = *consumed,
               .progress = stage() == Stage::kComplete ? Progress::kComplete : Progress::kNeedMore};
}

Result<std::size_t> RequestParser::feed_stages(std::string_view bytes) {
    if (bytes.empty()) {
        return 0;
    }
    if (!pending_) {
        pending_ = std::make_unique<Pending>(*limits_);
    }
    std::size_t consumed = 0;
    if (pending_->stage == Stage::kHead) {
        HOWL_TRY(head_bytes, feed_head(bytes));
        consumed = head_bytes;
    }
    if (pending_->stage == Stage::kBody && consumed < bytes.size()) {
        HOWL_TRY(body_bytes, feed_body(bytes.substr(consumed)));
        consumed += body_bytes;
    }
    return consumed;
}

Result<std::size_t> RequestParser::feed_head(std::string_view bytes) {
    auto& buffered = pending_->head;
    const auto before = buffered.size();
    const bool whole = before == 0;
    if (!whole) {
        buffered += bytes.substr(0, limits_->head.head_bytes_max - before);
    }
    HOWL_TRY(framing, pending_->guard.scan(whole ? bytes : std::string_view{buffered}));
    if (!framing) {
        if (whole) {
            buffered = bytes;
        }
        return bytes.size();
    }
    const auto head = whole ? bytes : std::string_view{buffered};
    HOWL_TRY_VOID(finish_head(head.substr(0, framing->head_bytes), *framing));
    buffered = std::string{};
    return framing->head_bytes - before;
}

Result<void> RequestParser::finish_head(std::string_view head, const HeadFraming& framing) {
    auto& request = pending_->request;
    HOWL_TRY_VOID(read_head(head, limits_->head, request));
    if (framing.body == BodyKind::kLength && framing.body_bytes > limits_->body_bytes_max) {
        return fail(Errc::kBodyTooLarge, "request body");
    }
    request.minor_version = framing.minor_version;
    request.keep_alive = framing.keep_alive;
    pending_->framing = framing;
    pending_->stage = framing.body == BodyKind::kNone ? Stage::kComplete : Stage::kBody;
    return {};
}

Result<std::size_t> RequestParser::feed_body(std::string_view bytes) {
    auto& body = pending_->request.body;
    pending_->body_begun = true;
    if (pending_->framing.body == BodyKind::kChunked) {
        HOWL_TRY(taken, pending_->chunked.feed(bytes, body));
        if (pending_->chunked.complete()) {
            pending_->stage = Stage::kComplete;
        }
        return taken;
    }
    const auto wanted = static_cast<std::size_t>(pending_->framing.body_bytes) - body.size();
    const auto piece = bytes.substr(0, wanted);
    body += piece;
    if (piece.size() == wanted) {
        pending_->stage = Stage::kComplete;
    }
    return piece.size();
}

Request RequestParser::take() {
    HOWL_ASSERT(stage() == Stage::kComplete);
    Request request = std::move(pending_->request);
    pending_.reset();
    return request;
}

RequestParser::Stage RequestParser::stage() const noexcept {
    if (failure_) {
        return Stage::kFailed;
    }
    return pending_ ? pending_->stage : Stage::kIdle;
}

bool RequestParser::wants_continue() const noexcept {
    return stage() == Stage::kBody && pending_->framing.expects_continue && !pending_->body_begun;
}

}  // namespace howl::codec::http
