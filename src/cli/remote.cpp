// SPDX-License-Identifier: Apache-2.0
#include "cli/remote.hpp"

#include <utility>

#include <CLI/CLI.hpp>

#include "cli/output.hpp"

namespace howl::cli {

void add_url_option(CLI::App& command, std::string& url) {
    command.add_option("--url", url, "The server, http://HOST:PORT")
        ->envname("HOWL_URL")
        ->capture_default_str();
}

Result<ClientReply> call_or_fail(HttpClient& client, const ClientRequest& request) {
    HOWL_TRY(reply, client.call(request));
    if (reply.status != 200 && reply.status != 201) {
        return fail(Errc::kSystem, "request", describe_problem(reply));
    }
    return reply;
}

std::expected<ServerUrl, int> server_of(std::string_view command, std::string_view url) {
    auto server = parse_server_url(url);
    if (!server) {
        return std::unexpected(fail_with(command, user_text_of(server.error()), kWrongUse));
    }
    return std::move(*server);
}

std::expected<ClientReply, int> ask(std::string_view command, std::string_view url,
                                    const ClientRequest& request) {
    auto server = server_of(command, url);
    if (!server) {
        return std::unexpected(server.error());
    }
    HttpClient client{std::move(*server)};
    auto reply = call_or_fail(client, request);
    if (!reply) {
        return std::unexpected(fail_with(command, user_text_of(reply.error())));
    }
    return std::move(*reply);
}

int work_with(std::string_view command, std::string_view url,
              const std::function<Result<void>(ServerUrl)>& work) {
    auto server = server_of(command, url);
    if (!server) {
        return server.error();
    }
    if (const auto done = work(std::move(*server)); !done) {
        const bool is_wrong_use = done.error().code == Errc::kInvalidConfig;
        return fail_with(command, user_text_of(done.error()), is_wrong_use ? kWrongUse : kFailed);
    }
    return kDone;
}

}  // namespace howl::cli
