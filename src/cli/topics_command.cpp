// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "base/limits.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/remote.hpp"
#include "codec/json_text.hpp"
#include "products/json.hpp"

namespace howl::cli {
namespace {

namespace json = boost::json;

constexpr const char* kName = "howl topics";

struct Options {
    std::string url = kDefaultUrl;
    std::string prefix;
    std::string after;
    std::uint64_t limit = 100;
    bool as_json = false;
};

/// A page of the list, as the server sent it.
struct Page {
    json::object body;
    const json::array* topics = nullptr;  ///< Of `body`.
    bool more = false;
};

std::unexpected<Error> unexpected_reply() {
    return fail(Errc::kSystem, "topics", "the server's reply is no list of topics");
}

Result<Page> page_behind(HttpClient& client, const Options& options, std::string_view after,
                         std::uint64_t limit) {
    ClientRequest request;
    request.target = fmt::format("/api/topics?prefix={}&after={}&limit={}",
                                 encode_url(options.prefix), encode_url(after), limit);
    HOWL_TRY(reply, call_or_fail(client, request));
    HOWL_TRY(body, products::parse_object(reply.body));
    Page page;
    page.body = std::move(body);
    const auto* topics = page.body.if_contains("topics");
    const auto* more = page.body.if_contains("more");
    if (topics == nullptr || !topics->is_array() || more == nullptr || !more->is_bool()) {
        return unexpected_reply();
    }
    page.topics = &topics->get_array();
    page.more = more->get_bool();
    return page;
}

/// The lines of a topic; `after` becomes its name.
Result<std::string> lines_of(const json::value& value, bool as_json, std::string& after) {
    const auto* topic = value.if_object();
    const auto name = topic == nullptr ? std::nullopt : products::string_in(*topic, "topic");
    if (!name) {
        return unexpected_reply();
    }
    after = *name;
    if (as_json) {
        return codec::json_text(value) + "\n";
    }
    return fmt::format("{:<40}  {:<8}  {}\n", one_line(*name),
                       products::string_in(*topic, "lane").value_or(""),
                       products::whole_number_in(*topic, "lastOffset").value_or(0));
}

Result<void> show(const Options& options, ServerUrl server) {
    HttpClient client{std::move(server)};
    std::string after = options.after;
    std::uint64_t left = options.limit == 0 ? UINT64_MAX : options.limit;
    bool more = true;
    while (more && left > 0) {
        HOWL_TRY(page, page_behind(client, options, after,
                                   std::min<std::uint64_t>(left, limits::kHistoryPageMax)));
        std::string text;
        for (const auto& topic : *page.topics) {
            HOWL_TRY(lines, lines_of(topic, options.as_json, after));
            text += lines;
        }
        HOWL_TRY_VOID(write_output(text));
        left -= std::min<std::uint64_t>(left, page.topics->size());
        more = page.more && !page.topics->empty();
    }
    if (more && !options.as_json) {
        return write_output("and more: --limit 0 shows all\n");
    }
    return {};
}

int run(const Options& options) {
    return work_with(kName, options.url,
                     [&options](ServerUrl server) { return show(options, std::move(server)); });
}

}  // namespace

void add_topics_command(CLI::App& program, int& exit_status) {
    auto options = std::make_shared<Options>();
    auto* command =
        program.add_subcommand("topics", "List the topics: name, lane, last offset given out");
    add_url_option(*command, options->url);
    command->add_option("--prefix", options->prefix, "Only names that begin with it");
    command->add_option("--after", options->after, "Only names behind this one");
    command->add_option("--limit", options->limit, "At most so many topics; 0: all")
        ->capture_default_str();
    command->add_flag("--json", options->as_json, "One JSON object for each topic");
    command->callback([options, &exit_status] { exit_status = run(*options); });
}

}  // namespace howl::cli
