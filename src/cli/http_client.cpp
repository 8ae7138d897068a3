// SPDX-License-Identifier: Apache-2.0
#include "cli/http_client.hpp"

#include <array>
#include <charconv>
#include <system_error>

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/write.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/grammar/lut_chars.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/format.h>

#include "codec/http/response_parser.hpp"
#include "products/json.hpp"

namespace howl::cli {

using boost::asio::ip::tcp;
using codec::http::Method;

namespace {

std::unexpected<Error> unreached(std::string_view what, const ServerUrl& server,
                                 std::string_view why) {
    return fail(Errc::kSystem, "request",
                fmt::format("{} http://{}: {}", what, server.authority(), why));
}

std::unexpected<Error> unreached(std::string_view what, const ServerUrl& server,
                                 const boost::system::error_code& error) {
    return unreached(what, server, error.message());
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

/// 1 to 65535; Boost.URL's `port_number` wraps around above.
bool is_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), port);
    return parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size() && port != 0;
}

bool has_body(Method method) {
    return method == Method::kPost || method == Method::kPatch;
}

}  // namespace

std::string ServerUrl::authority() const {
    return host.contains(':') ? fmt::format("[{}]:{}", host, port)
                              : fmt::format("{}:{}", host, port);
}

Result<ServerUrl> parse_server_url(std::string_view text) {
    const auto refuse = [text](std::string_view why) {
        return fail(Errc::kInvalidConfig, "url",
                    fmt::format("the server '{}' (--url or HOWL_URL): {}", text, why));
    };
    const std::string full =
        text.contains("://") ? std::string{text} : "http://" + std::string{text};
    const auto url = boost::urls::parse_uri(full);
    if (!url || url->host().empty()) {
        return refuse("expected http://HOST:PORT");
    }
    if (url->scheme_id() != boost::urls::scheme::http) {
        return refuse("only http:// is spoken here; for https:// go through a proxy");
    }
    if (url->has_userinfo() || url->has_query() || url->has_fragment()) {
        return refuse("expected http://HOST:PORT and nothing behind or before it");
    }
    if (!url->encoded_path().empty() && url->encoded_path() != "/") {
        return refuse("a path can't be used: expected http://HOST:PORT");
    }
    const bool has_port = !url->port().empty();
    if (has_port && !is_port(url->port())) {
        return refuse("the port is a number from 1 to 65535");
    }
    return ServerUrl{url->host_address(), has_port ? std::string{url->port()} : "80"};
}

std::string describe_problem(const ClientReply& reply) {
    const auto problem = products::parse_object(reply.body);
    const auto text = [&problem](std::string_view member) {
        return problem ? products::string_in(*problem, member).value_or("") : std::string_view{};
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
        return unreached("cannot find", server_, error);
    }
    tcp::socket socket{io_};
    boost::asio::connect(socket, endpoints, error);
    if (error) {
        return unreached("cannot connect to", server_, error);
    }
    return socket;
}

std::string HttpClient::serialize(const ClientRequest& request) const {
    auto out = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n",
                           name_of(request.method), request.target, server_.authority());
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
    // A server that refuses the body need not read all of it: its reply may have arrived already.
    const auto send_error = error;
    codec::http::ResponseParser parser{request.method};
    ClientReply reply;
    std::array<char, 16 * 1024> buffer;
    while (!parser.complete()) {
        const auto received = socket.read_some(boost::asio::buffer(buffer), error);
        if (send_error && error) {
            return unreached("cannot send to", server_, send_error);
        }
        if (error && error != boost::asio::error::eof) {
            return unreached("lost the connection to", server_, error);
        }
        const auto fed = error ? parser.feed_end() : parser.feed({buffer.data(), received});
        if (!fed) {
            return unreached("cannot read the answer of", server_, fed.error().detail);
        }
        if (!parser.has_head()) {
            continue;
        }
        reply.status = parser.status();
        reply.cursor = parser.header("Howl-Cursor");
        reply.next = parser.header("Howl-Next");
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
