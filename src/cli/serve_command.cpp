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
#include "cli/not_empty.hpp"
#include "cli/output.hpp"
#include "cli/serve_options.hpp"
#include "server/heap.hpp"
#include "server/server.hpp"
#include "telemetry/log.hpp"

namespace howl::cli {
namespace {

constexpr const char* kName = "howl serve";

/// Waits for signals and shuts the server down: the first one drains, the second one ends at once.
/// Created before the server starts, so that no signal from then on kills the process.
class ShutdownControl {
public:
    explicit ShutdownControl(std::chrono::milliseconds drain_time) : drain_time_(drain_time) {}

    int run(server::Server& server) {
        server_ = &server;
        wait_for_signal();
        check_store();
        io_.run();
        server.stop();
        return store_failed_ ? 1 : 0;
    }

private:
    static constexpr std::chrono::milliseconds kStoreCheck{500};
    static constexpr std::chrono::milliseconds kDrainCheck{50};
    static constexpr int kStoreChecksPerHeapCheck = 20;

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

    void check_store() {
        timer_.expires_after(kStoreCheck);
        timer_.async_wait([this](boost::system::error_code error) {
            if (error || draining_) {
                return;  // The drain uses the timer now.
            }
            if (server_->store_failed()) {
                store_failed_ = true;
                telemetry::log_error("the store has failed: shutting down");
                drain();
                return;
            }
            if (++store_checks_ % kStoreChecksPerHeapCheck == 0) {
                server::return_free_heap();
            }
            check_store();
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
    unsigned store_checks_ = 0;
    bool draining_ = false;
    bool store_failed_ = false;
};

/// The addresses, on standard output: for the user, and for programs that wait for the start.
std::string startup_text(const server::Server& server, std::string_view data_dir) {
    std::string text;
    for (const auto& bound : server.bound()) {
        text += fmt::format("howl is listening on http://{}/ ({})\n", bound.address,
                            fmt::join(bound.endpoints, ", "));
    }
    return text + fmt::format("events are kept in {}; Ctrl-C stops\n", data_dir);
}

int run(server::Config config) {
    server::keep_large_blocks_apart();
    telemetry::start_logging(config.log_format, config.log_level);
    telemetry::log_info("starting", {{"data_dir", config.data_dir}});
    if (!can_write_errors()) {
        static_cast<void>(write_output(
            "howl serve: standard error can't be written, so there would be no log; if that is "
            "meant: 2>/dev/null\n"));
        return kFailed;
    }
    std::signal(SIGPIPE, SIG_IGN);
    ShutdownControl control{config.drain_time};
    const auto data_dir = config.data_dir;
    const SystemClock clock;
    const auto server = server::Server::start(std::move(config), clock);
    if (!server) {
        return fail_with(kName, user_text_of(server.error()));
    }
    if (const int status = finish(kName, startup_text(**server, data_dir)); status != kDone) {
        return status;
    }
    return control.run(**server);
}

int serve(const ServeOptions& options) {
    auto config = config_of(options);
    return config ? run(std::move(*config)) : fail_with(kName, config.error(), kWrongUse);
}

}  // namespace

void add_serve_command(CLI::App& program, int& exit_status) {
    auto options = std::make_shared<ServeOptions>();
    auto* command = program.add_subcommand("serve", "Run the server");
    command
        ->add_option("--config", options->config_file,
                     "TOML file; howl check-config --example prints one")
        ->check(not_empty());
    add_serve_options(*command, *options);
    command->callback([options, &exit_status] { exit_status = serve(*options); });
}

}  // namespace howl::cli
