// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/clock.hpp"
#include "cli/commands.hpp"
#include "server/config.hpp"
#include "server/server.hpp"
#include "telemetry/log.hpp"

namespace howl::cli {
namespace {

struct Options {
    std::string config_file;
    std::string listen;
    std::string data_dir;
    std::string portal_dir;
    std::uint64_t shards = 0;
    std::string log_format;
    bool compat = false;
    std::string compat_3000;
    bool allow_remote = false;
};

server::Port3000 port_3000_of(const Options& options) {
    if (options.compat_3000.empty()) {
        return server::Port3000::kNeither;
    }
    return options.compat_3000 == "chat" ? server::Port3000::kChat : server::Port3000::kCloud;
}

Result<server::Config> config_of(const Options& options) {
    server::Config config;
    if (!options.config_file.empty()) {
        HOWL_TRY(loaded, server::load_config(options.config_file));
        config = std::move(loaded);
    }
    if (!options.listen.empty()) {
        config.listeners = {server::default_listener(options.listen)};
    } else if (config.listeners.empty()) {
        config.listeners = {server::default_listener("127.0.0.1:8080")};
    }
    if (options.compat) {
        server::add_compat_listeners(config, port_3000_of(options));
    }
    if (!options.data_dir.empty()) {
        config.data_dir = options.data_dir;
    }
    if (!options.portal_dir.empty()) {
        config.portal_folder = options.portal_dir;
    }
    if (options.shards != 0) {
        config.shards = options.shards;
    }
    if (!options.log_format.empty()) {
        config.log_format = options.log_format == "json" ? telemetry::LogFormat::kJson
                                                         : telemetry::LogFormat::kText;
    }
    config.allow_remote |= options.allow_remote;
    return config;
}

/// Waits for signals and sees the server out: the first one drains, the second one ends at once.
/// It is made before the server starts, so that no signal from then on kills the process.
class Watch {
public:
    explicit Watch(std::chrono::milliseconds drain_time) : drain_time_(drain_time) {}

    int run(server::Server& server) {
        server_ = &server;
        wait_for_signal();
        look_after_store();
        io_.run();
        server.stop();
        return store_failed_ ? 1 : 0;
    }

private:
    static constexpr std::chrono::milliseconds kStoreCheck{500};
    static constexpr std::chrono::milliseconds kDrainCheck{50};

    void wait_for_signal() {
        signals_.async_wait([this](boost::system::error_code error, int signal) {
            if (error) {
                return;  // Cancelled: the drain is over.
            }
            if (draining_) {
                telemetry::log_warning("second signal: ending at once", {{"signal", signal}});
                constexpr int kSignalBase = 128;
                std::_Exit(kSignalBase + signal);
            }
            telemetry::log_info("signal: shutting down", {{"signal", signal}});
            wait_for_signal();  // Before the drain, which may be over at once.
            drain();
        });
    }

    void look_after_store() {
        timer_.expires_after(kStoreCheck);
        timer_.async_wait([this](boost::system::error_code error) {
            if (error || draining_) {
                return;  // The timer serves the drain now.
            }
            if (server_->store_failed()) {
                store_failed_ = true;
                telemetry::log_error("the store has failed: shutting down");
                drain();
                return;
            }
            look_after_store();
        });
    }

    void drain() {
        draining_ = true;
        deadline_ = std::chrono::steady_clock::now() + drain_time_;
        server_->begin_drain();
        wait_until_empty();
    }

    void wait_until_empty() {
        const auto open = server_->open_connections();
        if (open == 0 || std::chrono::steady_clock::now() >= deadline_) {
            if (open > 0) {
                telemetry::log_warning("drain deadline: cutting what is left",
                                       {{"connections", open}});
            }
            signals_.cancel();
            return;
        }
        timer_.expires_after(kDrainCheck);
        timer_.async_wait(
            [this](boost::system::error_code /*only we move this timer*/) { wait_until_empty(); });
    }

    server::Server* server_ = nullptr;  ///< While `run`.
    const std::chrono::milliseconds drain_time_;
    boost::asio::io_context io_{1};
    boost::asio::signal_set signals_{io_, SIGINT, SIGTERM};
    boost::asio::steady_timer timer_{io_};
    std::chrono::steady_clock::time_point deadline_;
    bool draining_ = false;
    bool store_failed_ = false;
};

int serve(const Options& options) {
    auto config = config_of(options);
    if (!config) {
        fmt::print(stderr, "howl serve: {}\n", config.error().detail);
        return 2;
    }
    telemetry::start_logging(config->log_format, config->log_level);
    std::signal(SIGPIPE, SIG_IGN);
    Watch watch{config->drain_time};
    const auto data_dir = config->data_dir;
    const SystemClock clock;
    auto server = server::Server::start(std::move(*config), clock);
    if (!server) {
        fmt::print(stderr, "howl serve: {}\n", server.error().describe());
        return 1;
    }
    for (const auto& bound : (*server)->bound()) {
        fmt::print("howl is listening on http://{}/ ({})\n", bound.address,
                   fmt::join(bound.doors, ", "));
    }
    fmt::print("events are kept in {}; Ctrl-C stops\n", data_dir);
    std::fflush(stdout);
    return watch.run(**server);
}

}  // namespace

void add_serve_command(CLI::App& program, int& exit_status) {
    auto options = std::make_shared<Options>();
    auto* command = program.add_subcommand("serve", "Run the server");
    command->add_option("--config", options->config_file,
                        "TOML file; howl check-config --example prints one");
    command->add_option("--listen", options->listen,
                        "HOST:PORT instead of the configured listeners; port 0 takes a free one "
                        "[default: 127.0.0.1:8080]");
    command->add_option("--data-dir", options->data_dir,
                        "Where events are kept; :memory: keeps nothing [default: data]");
    command->add_option(
        "--portal-dir", options->portal_dir,
        "Folder of the pages at /, for instance web/dist [default: a built-in page]");
    command
        ->add_option("--shards", options->shards,
                     "Threads that serve connections [default: one for each core]")
        ->check(CLI::Range(1, 64));
    command->add_option("--log-format", options->log_format, "text or json [default: text]")
        ->check(CLI::IsMember({"text", "json"}));
    command->add_flag("--compat", options->compat,
                      "Also listen where the original servers did, for pages of any origin: 3000 "
                      "(inbox, reports), 7070 (cloud-commands), 8000 (wisdom)");
    command
        ->add_option("--compat-3000", options->compat_3000,
                     "With --compat: 'chat' or 'cloud' also opens chat-relay or cloud-toggle on "
                     "port 3000")
        ->check(CLI::IsMember({"chat", "cloud"}))
        ->needs("--compat");
    command->add_flag("--allow-remote", options->allow_remote,
                      "Listen beyond loopback although nobody has to log in");
    command->callback([options, &exit_status] { exit_status = serve(*options); });
}

}  // namespace howl::cli
