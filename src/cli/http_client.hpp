// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "base/result.hpp"
#include "codec/http/request.hpp"

namespace howl::cli {

/// A server as the user names it: `http://HOST:PORT`, the scheme may be left out.
struct ServerUrl {
    std::string host;  ///< An IPv6 address without its brackets.
    std::string port;

    /// `HOST:PORT`, with brackets where they belong.
    [[nodiscard]] std::string authority() const;
};

/// What Howl's commands could not honor is refused: another scheme, a path (a server behind one is
/// a proxy's business, and its routes would be missed), a query, a user.
/// Errors: `kInvalidConfig`; the detail is a sentence for the user.
[[nodiscard]] Result<ServerUrl> parse_server_url(std::string_view text);

/// What a command asks of the server.
struct ClientRequest {
    codec::http::Method method = codec::http::Method::kGet;
    std::string target{};
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string body{};
};

struct ClientReply {
    std::uint16_t status = 0;
    std::string body{};
    std::string cursor{};  ///< `Howl-Cursor`: where a stream goes on from what the body shows.
    std::string next{};    ///< `Howl-Next`: what the next page comes after; empty on the last.
};

/// One blocking connection to a server, for one request: commands have nothing else to do
/// meanwhile. Errors: `kSystem` where there is no connection or it breaks, with a detail that names
/// the address.
class HttpClient {
public:
    explicit HttpClient(ServerUrl server) : server_(std::move(server)) {}

    /// Sends and waits for the whole reply.
    [[nodiscard]] Result<ClientReply> call(const ClientRequest& request);
    /// Sends and hands out the reply's body as it comes, while `on_body` returns true. The reply of
    /// anything but 200 is returned whole.
    [[nodiscard]] Result<ClientReply> stream(const ClientRequest& request,
                                             const std::function<bool(std::string_view)>& on_body);

private:
    enum class Want { kWhole, kPieces };
    Result<ClientReply> run(const ClientRequest& request, Want want,
                            const std::function<bool(std::string_view)>& on_body);
    Result<boost::asio::ip::tcp::socket> connect();
    [[nodiscard]] std::string serialize(const ClientRequest& request) const;

    const ServerUrl server_;
    boost::asio::io_context io_{1};
};

/// What an error reply says, for the user: the title, detail and code of a problem+json body (RFC
/// 9457), or the body itself.
[[nodiscard]] std::string describe_problem(const ClientReply& reply);

/// Percent-encodes everything but unreserved characters and `keep`.
[[nodiscard]] std::string encode_url(std::string_view text, std::string_view keep = {});

}  // namespace howl::cli
