// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <functional>
#include <string>
#include <string_view>

#include "cli/http_client.hpp"

namespace CLI {
class App;
}  // namespace CLI

namespace howl::cli {

/// Shared by the commands that send requests to a server.

inline constexpr const char* kDefaultUrl = "http://127.0.0.1:8080";

/// `--url`, else the variable HOWL_URL, else the value of `url`. Lifetime: `url` must outlive the
/// parsing.
void add_url_option(CLI::App& command, std::string& url);

/// Sends one request. Errors: `kSystem` also for a reply that is neither 200 nor 201; the detail is
/// the server's error text.
[[nodiscard]] Result<ClientReply> call_or_fail(HttpClient& client, const ClientRequest& request);

/// The server at `url`; otherwise the error is printed, and the command ends with this status.
[[nodiscard]] std::expected<ServerUrl, int> server_of(std::string_view command,
                                                      std::string_view url);
/// The same for one request and its successful reply.
[[nodiscard]] std::expected<ClientReply, int> ask(std::string_view command, std::string_view url,
                                                  const ClientRequest& request);
/// Does `work` with the server at `url` and returns the command's status: `kWrongUse` where the
/// error is `kInvalidConfig`, which a wrong argument causes.
[[nodiscard]] int work_with(std::string_view command, std::string_view url,
                            const std::function<Result<void>(ServerUrl)>& work);

}  // namespace howl::cli
