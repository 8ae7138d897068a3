// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/data_dir_options.hpp"
#include "cli/dynamo_session.hpp"
#include "cli/output.hpp"
#include "server/record_checks.hpp"
#include "server/stores.hpp"
#include "storage/dynamodb/item_inspection.hpp"
#include "storage/sqlite/record_inspection.hpp"

namespace howl::cli {
namespace {

namespace dynamodb = storage::dynamodb;
using hub::UnreadableRecord;
using storage::sqlite::RecordInspection;
using Unreadables = std::vector<UnreadableRecord>;

constexpr int kValid = 0;
constexpr int kFound = 1;
constexpr int kBroken = 2;

struct Options {
    DataDirOptions data;
    std::vector<std::string> records;
    std::string set_aside;
    bool remove = false;

    [[nodiscard]] bool removes() const { return remove || !set_aside.empty(); }
    [[nodiscard]] bool selects(const UnreadableRecord& record) const {
        return records.empty() || std::ranges::find(records, record.id) != records.end();
    }
};

/// The file that keeps the content of removed records.
class RemovedRecords {
public:
    [[nodiscard]] static Result<RemovedRecords> open(const std::string& path) {
        std::FILE* const file = path.empty() ? nullptr : std::fopen(path.c_str(), "ae");
        if (file == nullptr && !path.empty()) {
            return trouble("open", path);
        }
        return RemovedRecords{file, path};
    }
    [[nodiscard]] Result<void> keep(const UnreadableRecord& record) {
        if (!file_) {
            return {};
        }
        const boost::json::object line{{"table", record.table},
                                       {"record", record.id},
                                       {"reason", record.reason},
                                       {"content", record.content}};
        const auto text = boost::json::serialize(line) + '\n';
        // Synced before the record is removed: it may be the only copy. A pipe can't be synced.
        if (std::fputs(text.c_str(), file_.get()) < 0 || std::fflush(file_.get()) != 0 ||
            (::fsync(::fileno(file_.get())) != 0 && errno != EINVAL)) {
            return trouble("write", path_);
        }
        return {};
    }

private:
    static std::unexpected<Error> trouble(const char* what, const std::string& path) {
        return fail(
            Errc::kSystem, what,
            fmt::format("cannot {} {}: {}", what, path, std::generic_category().message(errno)));
    }
    struct Close {
        void operator()(std::FILE* file) const noexcept { std::fclose(file); }
    };
    RemovedRecords(std::FILE* file, std::string path) : file_(file), path_(std::move(path)) {}
    std::unique_ptr<std::FILE, Close> file_;  ///< Null: nothing is kept.
    std::string path_;
};

using Remove = std::function<Result<void>(const UnreadableRecord&)>;

/// Prints the records that were found, and removes them where asked to. Returns how many are left.
Result<std::size_t> report_and_remove(const Options& options, const Unreadables& found,
                                      RemovedRecords& removed, const Remove& remove) {
    std::size_t remaining = 0;
    for (const auto& record : found) {
        const bool is_removable = record.remedy == UnreadableRecord::Remedy::kRemove;
        const bool is_removed = is_removable && options.removes() && options.selects(record);
        if (is_removed) {
            HOWL_TRY_VOID(removed.keep(record));
            HOWL_TRY_VOID(remove(record));
        }
        remaining += is_removed ? 0 : 1;
        const auto* const taken = options.remove ? "deleted" : "set aside";
        const auto* const left = is_removable ? "left out" : "put right by the next start";
        HOWL_TRY_VOID(write_output(fmt::format("{}\t{}\t{}\t{}\n", record.table, record.id,
                                               record.reason, is_removed ? taken : left)));
    }
    return remaining;
}

Result<std::size_t> check_embedded(const Options& options, const server::Config& config,
                                   RemovedRecords& removed) {
    if (config.data_dir == server::kMemoryDataDir) {
        return 0U;
    }
    HOWL_TRY(inspection,
             RecordInspection::open(config.data_dir, options.removes()
                                                         ? RecordInspection::Purpose::kRepair
                                                         : RecordInspection::Purpose::kFind));
    if (!inspection) {
        return 0U;
    }
    HOWL_TRY(found, inspection->find(&server::check_record));
    return report_and_remove(options, found, removed, [&](const UnreadableRecord& record) {
        return inspection->remove(record);
    });
}

Result<std::size_t> check_remote(const Options& options, const server::Config& config,
                                 RemovedRecords& removed) {
    const auto tables = server::dynamo_tables(config, server::TablesOf::kChosen);
    if (tables.empty()) {
        return 0U;
    }
    HOWL_TRY(session, DynamoSession::open(config.dynamodb));
    dynamodb::ItemInspection inspection{session->calls()};
    std::size_t remaining = 0;
    for (const auto& table : tables) {
        HOWL_TRY(found, session->wait_for<Unreadables>([&](auto done) {
            inspection.find(table, &server::check_record, std::move(done));
        }));
        HOWL_TRY(remaining_in_table,
                 report_and_remove(options, found, removed, [&](const UnreadableRecord& record) {
                     return session->wait_for<void>(
                         [&](auto done) { inspection.remove(table, record, std::move(done)); });
                 }));
        remaining += remaining_in_table;
    }
    return remaining;
}

Result<std::size_t> check_all(const Options& options) {
    HOWL_TRY(config, config_of(options.data));
    HOWL_TRY(removed, RemovedRecords::open(options.set_aside));
    HOWL_TRY(embedded, check_embedded(options, config, removed));
    HOWL_TRY(remote, check_remote(options, config, removed));
    return embedded + remote;
}

int check(const Options& options) {
    const auto remaining = check_all(options);
    if (!remaining) {
        return fail_with("howl store check", user_text_of(remaining.error()), kBroken);
    }
    return *remaining == 0 ? kValid : kFound;
}

}  // namespace

void add_store_check_command(CLI::App& store, int& exit_status) {
    auto options = std::make_shared<Options>();
    auto* command = store.add_subcommand(
        "check",
        "List the records that can't be read, one in a line: table, record, reason, what was done. "
        "Damaged rows of topics are listed too; the server's next start puts them right. "
        "Status 0: none is left; 1: some are; 2: it could not be found out");
    add_data_dir_options(*command, options->data);
    command->add_option("--record", options->records,
                        "Delete or set aside this one only, as the list calls it; may be repeated");
    auto* const remove = command->add_flag("--delete", options->remove, "Delete them for good");
    command
        ->add_option("--set-aside", options->set_aside,
                     "Write them to the end of this file as lines of JSON, then delete them")
        ->excludes(remove);
    command->callback([options, &exit_status] { exit_status = check(*options); });
}

}  // namespace howl::cli
