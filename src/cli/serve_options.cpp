// SPDX-License-Identifier: Apache-2.0
#include "cli/serve_options.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include <CLI/CLI.hpp>

#include "base/limits.hpp"
#include "cli/not_empty.hpp"
#include "products/system/portal.hpp"
#include "server/config_check.hpp"

namespace howl::cli {
namespace {

/// The endpoint that gets all paths of port 3000.
std::string_view any_path_endpoint_of(const ServeOptions& options) {
    if (options.compat_3000.empty()) {
        return {};
    }
    return options.compat_3000 == "chat" ? "chat-relay" : "cloud-toggle";
}

/// Adds the listeners; errors name the option that they come from.
void add_listeners(const ServeOptions& options, server::Config& config) {
    if (!options.listen.empty()) {
        config.listeners = {server::default_listener(options.listen)};
        config.places.set("listener[0]", {.source = "--listen"});
    } else if (config.listeners.empty()) {
        config.listeners = {server::default_listener("127.0.0.1:8080")};
    }
    const auto own = config.listeners.size();
    if (options.compat) {
        server::add_compat_listeners(config, any_path_endpoint_of(options));
    }
    for (auto i = own; i < config.listeners.size(); ++i) {
        config.places.set(fmt::format("listener[{}]", i), {.source = "--compat"});
    }
}

void set_text(server::Config& config, std::string& out, const std::string& given,
              const char* setting, const char* option) {
    if (!given.empty()) {
        out = given;
        config.places.set(setting, {.source = option});
    }
}

void apply(const ServeOptions& options, server::Config& config) {
    add_listeners(options, config);
    set_text(config, config.data_dir, options.data_dir, "server.data_dir", "--data-dir");
    auto& portal = config.of<products::system::PortalSettings>();
    set_text(config, portal.folder, options.portal_dir, "portal.folder", "--portal-dir");
    if (options.shards != 0) {
        config.shards = options.shards;
    }
    if (!options.log_format.empty()) {
        config.log_format = options.log_format == "json" ? telemetry::LogFormat::kJson
                                                         : telemetry::LogFormat::kText;
    }
    config.allow_remote |= options.allow_remote;
}

}  // namespace

void add_serve_options(CLI::App& command, ServeOptions& options) {
    command
        .add_option("--listen", options.listen,
                    "HOST:PORT instead of the configured listeners; port 0 takes a free one "
                    "[default: 127.0.0.1:8080]")
        ->check(not_empty());
    command
        .add_option("--data-dir", options.data_dir,
                    "Where events are kept; :memory: keeps nothing [default: data]")
        ->check(not_empty());
    command
        .add_option("--portal-dir", options.portal_dir,
                    "Folder of the pages at /, for instance web/dist [default: a built-in page]")
        ->check(not_empty());
    command
        .add_option("--shards", options.shards,
                    "Threads that serve connections [default: one for each core]")
        ->check(CLI::Range(std::size_t{1}, limits::kShardsMax));
    command.add_option("--log-format", options.log_format, "text or json [default: text]")
        ->check(CLI::IsMember({"text", "json"}));
    command.add_flag("--compat", options.compat,
                     "Also listen where the original servers did, for pages of any origin: 3000 "
                     "(inbox, reports), 7070 (cloud-commands), 8000 (wisdom)");
    command
        .add_option("--compat-3000", options.compat_3000,
                    "With --compat: 'chat' or 'cloud' also opens chat-relay or cloud-toggle on "
                    "port 3000")
        ->check(CLI::IsMember({"chat", "cloud"}))
        ->needs("--compat");
    command.add_flag("--allow-remote", options.allow_remote,
                     "Listen beyond loopback although nobody has to log in");
}

CheckedConfig config_of(const ServeOptions& options) {
    server::ReadConfig read;
    if (!options.config_file.empty()) {
        auto loaded = server::read_config_file(options.config_file);
        if (!loaded) {
            return std::unexpected(loaded.error().detail);
        }
        read = std::move(*loaded);
    }
    apply(options, read.config);
    std::ranges::move(server::faults_of(read.config), std::back_inserter(read.faults));
    if (!read.faults.empty()) {
        return std::unexpected(describe(read.faults));
    }
    return std::move(read.config);
}

}  // namespace howl::cli
