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

void say_new_epoch(const std::string& reason, const Epoch& before, const Epoch& epoch) {
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
                                     const MarkedPlace& place, Condition earlier) {
    auto made = HighWaterMark::create(directory, place);
    if (!made && earlier == Condition::kSound) {
        return HighWaterMark::reuse(directory, place);
    }
    return made;
}

/// What the database says of itself, and why that is not to be relied on; empty: it is.
struct Stored {
    MarkedPlace place;
    bool has_number = false;
    std::string fault;

    /// No commit is known of it, nor of any other database here.
    [[nodiscard]] bool is_unused(const HighWaterMark::Found& mark) const {
        return has_number && place.commit == 0 && mark.condition == Condition::kMissing;
    }
};

/// Why events that readers have seen may be missing from the database; empty: none are.
std::string doubt(const HighWaterMark::Found& mark, const Stored& stored) {
    const auto& database = stored.place;
    if (stored.is_unused(mark) || (!stored.has_number && mark.condition == Condition::kMissing)) {
        return {};
    }
    if (mark.condition != Condition::kSound) {
        return fmt::format("the mark {}", words_for(mark.condition));
    }
    if (mark.place.epoch != database.epoch) {
        return "the mark is of another history";
    }
    if (database.commit < mark.place.commit) {
        return fmt::format("the newest {} commits are missing",
                           mark.place.commit - database.commit);
    }
    return {};
}

Result<Stored> load_place(Connection& database) {
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
    // A database of an earlier Howl, which had no marks, is taken as it is; it begins at 1, so that
    // it is not taken for a new one.
    stored.has_number = !counted || counted->has_value();
    stored.place = {epoch ? std::move(*epoch) : Epoch{}, counted ? counted->value_or(1) : 1};
    return stored;
}

Result<void> begin_anew(Connection& writer, MarkedPlace place, Stored& stored) {
    HOWL_TRY_VOID(begin_epoch(writer, place.epoch, place.commit));
    stored.place = std::move(place);
    stored.has_number = true;
    return {};
}

}  // namespace

Result<std::unique_ptr<CommitMarker>> CommitMarker::open(Connection& writer,
                                                         const std::filesystem::path& directory,
                                                         Random& random,
                                                         const std::string& damage) {
    HOWL_TRY(stored, load_place(writer));
    auto& place = stored.place;
    const auto found = HighWaterMark::find(directory);
    const std::string& fault = stored.fault.empty() ? damage : stored.fault;
    const auto missing = stored.fault.empty() ? doubt(found, stored) : std::string{};
    if (!missing.empty()) {
        HOWL_TRY_VOID(check_is_whole(writer));
    }
    if (const auto& reason = missing.empty() ? fault : missing; !reason.empty()) {
        const Epoch before = found.place.epoch.value().empty() ? place.epoch : found.place.epoch;
        HOWL_TRY_VOID(begin_anew(writer, {random_epoch(random), place.commit + 1}, stored));
        say_new_epoch(reason, before, place.epoch);
    } else if (stored.is_unused(found)) {
        // It may be a copy of one that has gone on elsewhere; nobody has seen anything of this one.
        HOWL_TRY_VOID(begin_anew(writer, {random_epoch(random), place.commit}, stored));
    }
    HOWL_TRY(mark, mark_from_here(directory, place, found.condition));
    if (!stored.has_number) {
        // Behind the mark: a start that ends between the two finds a database without a number.
        HOWL_TRY_VOID(begin_epoch(writer, place.epoch, place.commit));
    }
    HOWL_TRY(put, writer.prepare("UPDATE meta SET value = ? WHERE name = 'commit'"));
    return std::unique_ptr<CommitMarker>{
        new CommitMarker{std::move(put), place.epoch, place.commit, std::move(mark)}};
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
    // Without room for a new file the present one goes on to serve.
    if (renewed_at_ != commit_ && mark_.renew()) {
        renewed_at_ = commit_;
    }
}

}  // namespace howl::storage::sqlite
