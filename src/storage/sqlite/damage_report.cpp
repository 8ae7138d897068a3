// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/damage_report.hpp"

#include <utility>

#include <fmt/format.h>

#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

namespace howl::storage::sqlite {

namespace {

std::string_view text_of(DamagedRow::Outcome outcome) {
    switch (outcome) {
        case DamagedRow::Outcome::kRecovered:
            return "recovered from the topic's events";
        case DamagedRow::Outcome::kDoubtful:
            return "recovered from the topic's events, of which the newest may be missing";
        case DamagedRow::Outcome::kLost:
            break;
    }
    return "given up";
}

}  // namespace

bool DamageReport::is_new(std::string name) {
    const MutexLock lock{mutex_};
    if (seen_.contains(name)) {
        return false;
    }
    ++count_;
    telemetry::count(telemetry::Counter::kDamagedRows);
    return seen_.size() < kDistinctRowsMax && seen_.insert(std::move(name)).second;
}

void DamageReport::add(const Error& error) {
    if (is_new(error.detail)) {
        telemetry::log_error("the database is damaged: a row is left out",
                             {{"operation", error.context}, {"cause", error.detail}});
    }
}

void DamageReport::add(const DamagedRow& row) {
    if (is_new(fmt::format("{} {}", row.table, row.key))) {
        telemetry::log_error("the database is damaged: a row is put right or taken away",
                             {{"table", row.table},
                              {"key", row.key},
                              {"cause", row.error.detail},
                              {"outcome", text_of(row.outcome)}});
    }
}

std::uint64_t DamageReport::count() const {
    const MutexLock lock{mutex_};
    return count_;
}

}  // namespace howl::storage::sqlite
