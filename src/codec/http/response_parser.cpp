// SPDX-License-Identifier: Apache-2.0
#include "codec/http/response_parser.hpp"

#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace howl::codec::http {

namespace beast_http = boost::beast::http;

struct ResponseParser::Parsing {
    beast_http::response_parser<beast_http::string_body> parser;
    std::string unread;  ///< Bytes that Beast needs again, together with the next ones.
};

ResponseParser::ResponseParser(Method request_method) : parsing_(std::make_unique<Parsing>()) {
    parsing_->parser.eager(true);
    parsing_->parser.body_limit(boost::none);  // Nothing is collected.
    parsing_->parser.skip(request_method == Method::kHead);
}

ResponseParser::ResponseParser(ResponseParser&&) noexcept = default;
ResponseParser& ResponseParser::operator=(ResponseParser&&) noexcept = default;
ResponseParser::~ResponseParser() = default;

Result<void> ResponseParser::feed(std::string_view bytes) {
    auto& [parser, unread] = *parsing_;
    if (bytes.empty()) {
        return {};
    }
    unread += bytes;
    std::string_view rest = unread;
    while (!rest.empty() && !parser.is_done()) {
        boost::system::error_code ec;
        const auto used = parser.put(boost::asio::buffer(rest), ec);
        rest.remove_prefix(used);
        if (ec == beast_http::error::need_more || (!ec && used == 0)) {
            break;
        }
        if (ec) {
            return fail(Errc::kProtocolError, "response", ec.message());
        }
    }
    unread.erase(0, unread.size() - rest.size());
    return {};
}

Result<void> ResponseParser::feed_end() {
    auto& parser = parsing_->parser;
    if (parser.is_done()) {
        return {};
    }
    boost::system::error_code ec;
    if (parser.got_some()) {
        parser.put_eof(ec);
    }
    if (ec || !parser.is_done()) {
        return fail(Errc::kPeerClosed, "response", "the response was cut short");
    }
    return {};
}

bool ResponseParser::has_head() const noexcept {
    return parsing_->parser.is_header_done();
}

bool ResponseParser::complete() const noexcept {
    return parsing_->parser.is_done();
}

std::string ResponseParser::take_body() {
    return std::exchange(parsing_->parser.get().body(), {});
}

std::uint16_t ResponseParser::status() const noexcept {
    return static_cast<std::uint16_t>(parsing_->parser.get().result_int());
}

std::string_view ResponseParser::header(std::string_view name) const noexcept {
    const auto value = parsing_->parser.get()[{name.data(), name.size()}];
    return {value.data(), value.size()};
}

bool ResponseParser::keep_alive() const noexcept {
    return parsing_->parser.keep_alive();
}

}  // namespace howl::codec::http
