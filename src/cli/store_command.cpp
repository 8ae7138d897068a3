// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/data_dir_options.hpp"
#include "cli/dynamo_session.hpp"
#include "cli/output.hpp"
#include "server/stores.hpp"
#include "storage/dynamodb/table_setup.hpp"

namespace howl::cli {
namespace {

namespace dynamodb = storage::dynamodb;
using dynamodb::TableSetup;
using Made = std::vector<TableSetup::Outcome>;

struct Options {
    std::string config_file;
    bool all = false;
};

/// Returns when every table exists and can be used.
Result<Made> make_tables(const dynamodb::DynamoSettings& settings,
                         std::vector<dynamodb::Table> tables) {
    HOWL_TRY(session, DynamoSession::open(settings));
    TableSetup setup{session->calls(), session->loop(), session->clock()};
    return session->wait_for<Made>(
        [&](auto done) { setup.run(std::move(tables), std::move(done)); });
}

int init(const Options& options) {
    constexpr const char* kName = "howl store init";
    const auto config = config_of({.config_file = options.config_file, .data_dir = {}});
    if (!config) {
        return fail_with(kName, user_text_of(config.error()), kWrongUse);
    }
    auto tables = server::dynamo_tables(
        *config, options.all ? server::TablesOf::kAll : server::TablesOf::kChosen);
    if (tables.empty()) {
        return finish(kName,
                      "no app keeps its records in DynamoDB, so there is nothing to make; --all "
                      "makes the tables of all of them\n");
    }
    const auto outcomes = make_tables(config->dynamodb, std::move(tables));
    if (!outcomes) {
        return fail_with(kName, user_text_of(outcomes.error()));
    }
    std::string said;
    for (const auto& [table, outcome] : *outcomes) {
        said += fmt::format(
            "{}: {}\n", table,
            outcome == TableSetup::Fate::kMade ? "made" : "there already, and as it should be");
    }
    return finish(kName, said);
}

}  // namespace

void add_store_command(CLI::App& program, int& exit_status) {
    auto options = std::make_shared<Options>();
    auto* store = program.add_subcommand("store", "Make, check and mend what records are kept in");
    store->require_subcommand(1);
    auto* command = store->add_subcommand(
        "init",
        "Make the DynamoDB tables of the apps whose store is DynamoDB, and check those "
        "that are there");
    command->add_option("--config", options->config_file, "The TOML file of the server");
    command->add_flag("--all", options->all, "The tables of all apps, whatever their store");
    command->callback([options, &exit_status] { exit_status = init(*options); });
    add_store_check_command(*store, exit_status);
}

}  // namespace howl::cli
