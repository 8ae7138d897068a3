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

/// What every command that speaks to a server has in common.

inline constexpr const char* kDefaultUrl = "http://127.0.0.1:8080";

/// `--url`, else the variable HOWL_URL, else what `url` holds. Lifetime: `url` outlives the
/// parsing.
void add_url_option(CLI::App& command, std::string& url);

/// Sends one request. Errors: `kSystem` also for a reply that is neither 200 nor 201; the detail is
/// what the server said.
[[nodiscard]] Result<ClientReply> call_well(HttpClient& client, const ClientRequest& request);

/// The server at `url`; otherwise the command has been complained of, and ends with this status.
[[nodiscard]] std::expected<ServerUrl, int> server_of(std::string_view command,
                                                      std::string_view url);
/// The same for one request and its good reply.
[[nodiscard]] std::expected<ClientReply, int> ask(std::string_view command, std::string_view url,
                                                  const ClientRequest& request);
/// Does `work` with the server at `url` and returns the command's status: of a failure that is
/// `kInvalidConfig`, the user's own words, it is `kWrongUse`.
[[nodiscard]] int work_with(std::string_view command, std::string_view url,
                            const std::function<Result<void>(ServerUrl)>& work);

}  // namespace howl::cli
