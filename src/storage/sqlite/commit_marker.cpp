// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/commit_marker.hpp"

#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "storage/sqlite/schema.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

namespace howl::storage::sqlite {
namespace {

using Condition = HighWaterMark::Condition;

void log_new_epoch(const std::string& reason, const Epoch& before, const Epoch& epoch) {
    telemetry::count(telemetry::Counter::kHistoriesLost);
    telemetry::log_warning(
        "the database may lack what was acknowledged: a new epoch begins, readers start over",
        {{"reason", reason}, {"epoch_before", before.value()}, {"epoch", epoch.value()}});
}

Epoch random_epoch(Random& random) {
    return Epoch{random_epoch_text(random)};
}

/// The mark for the process that starts now.
Result<HighWaterMark> mark_from_here(const std::filesystem::path& directory,
                                     const MarkedPosition& position, Condition earlier) {
    auto made = HighWaterMark::create(directory, position);
    if (!made && earlier == Condition::kValid) {
        return HighWaterMark::reuse(directory, position);
    }
    return made;
}

/// What the database has stored about its history.
struct Stored {
    MarkedPosition position;
    bool has_number = false;
    std::string fault;  ///< Why `position` can't be relied on; empty: it can.

    /// There was no commit in it, nor in any other database of the directory.
    [[nodiscard]] bool is_unused(const HighWaterMark::Found& mark) const {
        return has_number && position.commit == 0 && mark.condition == Condition::kMissing;
    }
};

/// Why events that readers have seen may be missing from the database; empty: none are.
std::string reason_of_loss(const HighWaterMark::Found& mark, const Stored& stored) {
    const auto& database = stored.position;
    if (stored.is_unused(mark) || (!stored.has_number && mark.condition == Condition::kMissing)) {
        return {};
    }
    if (mark.condition != Condition::kValid) {
        return fmt::format("the mark {}", text_of(mark.condition));
    }
    if (mark.position.epoch != database.epoch) {
        return "the mark is of another history";
    }
    if (database.commit < mark.position.commit) {
        return fmt::format("the newest {} commits are missing",
                           mark.position.commit - database.commit);
    }
    return {};
}

Result<Stored> load_position(Connection& database) {
    Stored stored;
    auto epoch = load_epoch(database);
    auto counted = load_commit(database);
    for (const auto* const error :
         {epoch ? nullptr : &epoch.error(), counted ? nullptr : &counted.error()}) {
        if (error != nullptr && error->code != Errc::kDamaged) {
            return std::unexpected(*error);
        }
        if (error != nullptr) {
            stored.fault = error->detail;
        }
    }
    // A database of an earlier Howl, which had no marks, is trusted; it begins at 1, so that it is
    // not taken for a new one.
    stored.has_number = !counted || counted->has_value();
    stored.position = {epoch ? std::move(*epoch) : Epoch{}, counted ? counted->value_or(1) : 1};
    return stored;
}

Result<void> begin_new_epoch(Connection& writer, MarkedPosition position, Stored& stored) {
    HOWL_TRY_VOID(begin_epoch(writer, position.epoch, position.commit));
    stored.position = std::move(position);
    stored.has_number = true;
    return {};
}

}  // namespace

Result<std::unique_ptr<CommitMarker>> CommitMarker::open(Connection& writer,
                                                         const std::filesystem::path& directory,
                                                         Random& random,
                                                         const std::string& damage) {
    HOWL_TRY(stored, load_position(writer));
    auto& position = stored.position;
    const auto found = HighWaterMark::find(directory);
    const std::string& fault = stored.fault.empty() ? damage : stored.fault;
    const auto missing = stored.fault.empty() ? reason_of_loss(found, stored) : std::string{};
    if (!missing.empty()) {
        HOWL_TRY_VOID(check_is_whole(writer));
    }
    if (const auto& reason = missing.empty() ? fault : missing; !reason.empty()) {
        const Epoch before =
            found.position.epoch.value().empty() ? position.epoch : found.position.epoch;
        HOWL_TRY_VOID(begin_new_epoch(writer, {random_epoch(random), position.commit + 1}, stored));
        log_new_epoch(reason, before, position.epoch);
    } else if (stored.is_unused(found)) {
        // It may be a copy of a database that is used elsewhere; this one has no readers yet.
        HOWL_TRY_VOID(begin_new_epoch(writer, {random_epoch(random), position.commit}, stored));
    }
    HOWL_TRY(mark, mark_from_here(directory, position, found.condition));
    if (!stored.has_number) {
        // After the mark: a start that ends between the two finds a database without a number.
        HOWL_TRY_VOID(begin_epoch(writer, position.epoch, position.commit));
    }
    HOWL_TRY(put, writer.prepare("UPDATE meta SET value = ? WHERE name = 'commit'"));
    return std::unique_ptr<CommitMarker>{
        new CommitMarker{std::move(put), position.epoch, position.commit, std::move(mark)}};
}

Result<void> CommitMarker::number_next() {
    Query query{put_};
    query.integer(1, commit_ + 1);
    return query.run();
}

void CommitMarker::committed() {
    ++commit_;
    const auto written = mark_.advance(commit_);
    if (!written && !std::exchange(mark_failed_, true)) {
        telemetry::log_warning("the high-water mark can't be written",
                               {{"reason", written.error().detail}});
    }
}

void CommitMarker::renew() {
    // Without space for a new file the present one stays in use.
    if (renewed_at_ != commit_ && mark_.renew()) {
        renewed_at_ = commit_;
    }
}

}  // namespace howl::storage::sqlite
