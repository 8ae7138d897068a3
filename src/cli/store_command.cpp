// SPDX-License-Identifier: Apache-2.0
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "cli/commands.hpp"
#include "server/config.hpp"
#include "server/stores.hpp"
#include "storage/dynamodb/calls.hpp"
#include "storage/dynamodb/credentials.hpp"
#include "storage/dynamodb/curl_loop.hpp"
#include "storage/dynamodb/table_setup.hpp"

namespace howl::cli {
namespace {

namespace dynamodb = storage::dynamodb;
using dynamodb::TableSetup;
using Outcomes = Result<std::vector<TableSetup::Outcome>>;

struct Options {
    std::string config_file;
    bool all = false;
};

/// Returns when every table is there and can be used.
Outcomes make_tables(const dynamodb::DynamoSettings& settings,
                     std::vector<dynamodb::Table> tables) {
    HOWL_TRY(credentials,
             dynamodb::load_credentials(settings.credentials_file, &dynamodb::process_environment));
    const SystemClock clock;
    SystemRandom random;
    HOWL_TRY(loop, dynamodb::CurlLoop::start(settings, std::move(credentials), clock));
    dynamodb::Calls calls{*loop, clock, random, settings};
    TableSetup setup{calls, *loop, clock};
    std::promise<Outcomes> promise;
    auto made = promise.get_future();
    loop->post([&setup, tables = std::move(tables), promise = std::move(promise)]() mutable {
        setup.run(std::move(tables), [promise = std::move(promise)](Outcomes outcomes) mutable {
            promise.set_value(std::move(outcomes));
        });
    });
    auto outcomes = made.get();
    loop.reset();  // Before what its thread works on.
    return outcomes;
}

int init(const Options& options) {
    server::Config config;
    if (!options.config_file.empty()) {
        auto loaded = server::load_config(options.config_file);
        if (!loaded) {
            fmt::print(stderr, "howl store init: {}\n", loaded.error().detail);
            return 2;
        }
        config = std::move(*loaded);
    }
    auto tables = server::dynamo_tables(
        config, options.all ? server::TablesOf::kAll : server::TablesOf::kChosen);
    if (tables.empty()) {
        fmt::print(
            "no app keeps its records in DynamoDB, so there is nothing to make; --all makes "
            "the tables of all of them\n");
        return 0;
    }
    const auto outcomes = make_tables(config.dynamodb, std::move(tables));
    if (!outcomes) {
        fmt::print(stderr, "howl store init: {}\n", outcomes.error().describe());
        return 1;
    }
    for (const auto& [table, fate] : *outcomes) {
        fmt::print("{}: {}\n", table,
                   fate == TableSetup::Fate::kMade ? "made" : "there already, and as it should be");
    }
    return 0;
}

}  // namespace

void add_store_command(CLI::App& program, int& exit_status) {
    auto options = std::make_shared<Options>();
    auto* store = program.add_subcommand("store", "Look after stores outside of Howl");
    store->require_subcommand(1);
    auto* command = store->add_subcommand(
        "init",
        "Make the DynamoDB tables of the apps whose store is DynamoDB, and check those "
        "that are there");
    command->add_option("--config", options->config_file, "The TOML file of the server");
    command->add_flag("--all", options->all, "The tables of all apps, whatever their store");
    command->callback([options, &exit_status] { exit_status = init(*options); });
}

}  // namespace howl::cli
