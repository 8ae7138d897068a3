// SPDX-License-Identifier: Apache-2.0
#include "cli/http_client.hpp"

#include <array>

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/write.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/grammar/lut_chars.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/format.h>

#include "apps/json.hpp"
#include "codec/http/response_parser.hpp"

namespace howl::cli {

using boost::asio::ip::tcp;
using codec::http::Method;

namespace {

std::unexpected<Error> system_failure(std::string_view context,
                                      const boost::system::error_code& error) {
    return fail(Errc::kSystem, context, error.message());
}

/// Of the methods that commands use.
std::string_view name_of(Method method) {
    switch (method) {
        case Method::kPost:
            return "POST";
        case Method::kPatch:
            return "PATCH";
        case Method::kDelete:
            return "DELETE";
        default:
            return "GET";
    }
}

bool has_body(Method method) {
    return method == Method::kPost || method == Method::kPatch;
}

}  // namespace

Result<ServerUrl> parse_server_url(std::string_view text) {
    const std::string full =
        text.contains("://") ? std::string{text} : "http://" + std::string{text};
    const auto url = boost::urls::parse_uri(full);
    if (!url || url->scheme_id() != boost::urls::scheme::http || url->host().empty()) {
        return fail(Errc::kInvalidQuery, "--url", "expected http://HOST:PORT");
    }
    return ServerUrl{url->host_address(), url->has_port() ? std::string{url->port()} : "80"};
}

std::string describe_problem(const ClientReply& reply) {
    const auto problem = apps::parse_object(reply.body);
    const auto text = [&problem](std::string_view member) {
        return problem ? apps::string_in(*problem, member).value_or("") : std::string_view{};
    };
    if (text("title").empty()) {
        return fmt::format("{} {}", reply.status, reply.body);
    }
    const auto detail = text("detail");
    return fmt::format("{}{}{} [{}]", text("title"), detail.empty() ? "" : " ", detail,
                       text("code"));
}

std::string encode_url(std::string_view text, std::string_view keep) {
    std::string out;
    for (const char letter : text) {
        if (keep.contains(letter)) {
            out += letter;
        } else {
            out += boost::urls::encode({&letter, 1}, boost::urls::unreserved_chars);
        }
    }
    return out;
}

Result<tcp::socket> HttpClient::connect() {
    boost::system::error_code error;
    tcp::resolver resolver{io_};
    const auto endpoints = resolver.resolve(server_.host, server_.port, error);
    if (error) {
        return system_failure("resolve", error);
    }
    tcp::socket socket{io_};
    boost::asio::connect(socket, endpoints, error);
    if (error) {
        return system_failure("connect", error);
    }
    return socket;
}

std::string HttpClient::serialize(const ClientRequest& request) const {
    auto out = fmt::format("{} {} HTTP/1.1\r\nHost: {}:{}\r\nConnection: close\r\n",
                           name_of(request.method), request.target, server_.host, server_.port);
    for (const auto& [name, value] : request.headers) {
        out += fmt::format("{}: {}\r\n", name, value);
    }
    if (has_body(request.method)) {
        out += fmt::format("Content-Length: {}\r\n", request.body.size());
    }
    return out + "\r\n" + request.body;
}

Result<ClientReply> HttpClient::call(const ClientRequest& request) {
    return run(request, Want::kWhole, {});
}

Result<ClientReply> HttpClient::stream(const ClientRequest& request,
                                       const std::function<bool(std::string_view)>& on_body) {
    return run(request, Want::kPieces, on_body);
}

Result<ClientReply> HttpClient::run(const ClientRequest& request, Want want,
                                    const std::function<bool(std::string_view)>& on_body) {
    HOWL_TRY(socket, connect());
    boost::system::error_code error;
    boost::asio::write(socket, boost::asio::buffer(serialize(request)), error);
    if (error) {
        return system_failure("send", error);
    }
    codec::http::ResponseParser parser{request.method};
    ClientReply reply;
    std::array<char, 16 * 1024> buffer;
    while (!parser.complete()) {
        const auto received = socket.read_some(boost::asio::buffer(buffer), error);
        if (error && error != boost::asio::error::eof) {
            return system_failure("receive", error);
        }
        HOWL_TRY_VOID(error ? parser.feed_end() : parser.feed({buffer.data(), received}));
        if (!parser.has_head()) {
            continue;
        }
        reply.status = parser.status();
        const auto body = parser.take_body();
        if (want == Want::kWhole || reply.status != 200) {
            reply.body += body;
        } else if (!on_body(body)) {
            return reply;
        }
        if (error) {
            break;
        }
    }
    return reply;
}

}  // namespace howl::cli
