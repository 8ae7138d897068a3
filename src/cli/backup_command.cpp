// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/random.hpp"
#include "cli/commands.hpp"
#include "cli/data_dir_options.hpp"
#include "cli/output.hpp"
#include "storage/sqlite/backup.hpp"

namespace howl::cli {
namespace {

namespace sqlite = storage::sqlite;

struct Options {
    std::string file;
    DataDirOptions data;
};

/// Where the server keeps its database.
Result<std::string> data_dir_of(const DataDirOptions& data) {
    HOWL_TRY(config, config_of(data));
    if (config.data_dir == server::kMemoryDataDir) {
        return fail(Errc::kInvalidConfig, "find data directory",
                    "with data_dir = \":memory:\" nothing is kept");
    }
    return std::move(config.data_dir);
}

std::string shown(const sqlite::BackupContents& contents) {
    return fmt::format("{} events of {} topics, {} records", contents.events, contents.topics,
                       contents.records);
}

int back_up(const Options& options) {
    constexpr const char* kName = "howl backup";
    const auto data_dir = data_dir_of(options.data);
    if (!data_dir) {
        return fail_with(kName, user_text_of(data_dir.error()), kWrongUse);
    }
    const auto contents = sqlite::back_up(*data_dir, options.file);
    if (!contents) {
        return fail_with(kName, user_text_of(contents.error()));
    }
    return finish(kName, fmt::format("{}: {}, epoch {}, checked\n", options.file, shown(*contents),
                                     contents->epoch.value()));
}

int restore(const Options& options) {
    constexpr const char* kName = "howl restore";
    const auto data_dir = data_dir_of(options.data);
    if (!data_dir) {
        return fail_with(kName, user_text_of(data_dir.error()), kWrongUse);
    }
    SystemRandom random;
    const auto contents = sqlite::restore(options.file, *data_dir, random);
    if (!contents) {
        return fail_with(kName, user_text_of(contents.error()));
    }
    return finish(kName,
                  fmt::format("{}: {}, new epoch {}: every reader will be told to start over\n",
                              *data_dir, shown(*contents), contents->epoch.value()));
}

}  // namespace

void add_backup_commands(CLI::App& program, int& exit_status) {
    auto options = std::make_shared<Options>();
    auto* backup = program.add_subcommand(
        "backup", "Copy the database into FILE, whole and checked, also while a server uses it");
    backup->add_option("FILE", options->file, "The file to make; it must not be there yet")
        ->required();
    add_data_dir_options(*backup, options->data);
    backup->callback([options, &exit_status] { exit_status = back_up(*options); });

    auto* restored = program.add_subcommand(
        "restore",
        "Put a backup in the place of the database, with a new epoch: readers are told to start "
        "over. The server must not run; the database that was there is kept as "
        "howl.db.before-restore");
    restored->add_option("FILE", options->file, "What 'howl backup' made")->required();
    add_data_dir_options(*restored, options->data);
    restored->callback([options, &exit_status] { exit_status = restore(*options); });
}

}  // namespace howl::cli
