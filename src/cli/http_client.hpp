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

/// Parts that Howl's commands ignore are refused: another scheme, a path (behind a proxy's path its
/// routes would not be found), a query, a user.
/// Errors: `kInvalidConfig`; the detail is a sentence for the user.
[[nodiscard]] Result<ServerUrl> parse_server_url(std::string_view text);

/// A request of a command to the server.
struct ClientRequest {
    codec::http::Method method = codec::http::Method::kGet;
    std::string target{};
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string body{};
};

struct ClientReply {
    std::uint16_t status = 0;
    std::string body{};
    std::string cursor{};  ///< `Howl-Cursor`: a stream from here continues the body.
    std::string next{};    ///< `Howl-Next`: the next page begins after it; empty on the last.
};

/// One blocking connection to a server, for one request. Errors: `kSystem` where there is no
/// connection or it breaks, with a detail that names the address.
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

/// The text of an error reply, for the user: the title, detail and code of a problem+json body (RFC
/// 9457), or the body itself.
[[nodiscard]] std::string describe_problem(const ClientReply& reply);

/// Percent-encodes everything but unreserved characters and `keep`.
[[nodiscard]] std::string encode_url(std::string_view text, std::string_view keep = {});

}  // namespace howl::cli
