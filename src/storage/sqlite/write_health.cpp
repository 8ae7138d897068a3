// SPDX-License-Identifier: Apache-2.0
#include "storage/sqlite/write_health.hpp"

#include <utility>

#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

namespace howl::storage::sqlite {

using telemetry::Counter;
using telemetry::Gauge;

WriteHealth::~WriteHealth() {
    if (trouble_) {
        telemetry::adjust(Gauge::kStoreRefusing, -1);
    }
}

void WriteHealth::failed(std::string_view operation, const Error& error) {
    telemetry::count(Counter::kStoreFailures);
    const bool is_full = error.code == Errc::kStorageFull;
    if (!is_full && error.code != Errc::kStorageFailed) {
        return;
    }
    {
        const MutexLock lock{mutex_};
        if (trouble_ && (is_full || trouble_->code == Errc::kStorageFailed)) {
            return;  // Said already.
        }
        if (!trouble_) {
            telemetry::adjust(Gauge::kStoreRefusing, 1);
        }
        trouble_ = error;
    }
    const auto level = is_full ? telemetry::LogLevel::kWarning : telemetry::LogLevel::kError;
    telemetry::log(level,
                   is_full ? "the disk is full: the store refuses writes until there is room"
                           : "the store has failed: it refuses writes from now on",
                   {{"operation", operation},
                    {"directory", directory_.string()},
                    {"code", error.entry().name},
                    {"cause", error.detail}});
}

void WriteHealth::succeeded() {
    {
        const MutexLock lock{mutex_};
        if (!trouble_ || trouble_->code == Errc::kStorageFailed) {
            return;
        }
        trouble_.reset();
        telemetry::adjust(Gauge::kStoreRefusing, -1);
    }
    telemetry::log_info("there is room: the store takes writes again",
                        {{"directory", directory_.string()}});
}

void WriteHealth::checkpoint_failed(const Error& error) {
    telemetry::count(Counter::kStoreFailures);
    {
        const MutexLock lock{mutex_};
        if (std::exchange(wal_stays_, true)) {
            return;  // Said already.
        }
    }
    telemetry::log_warning("the WAL can't be copied back: it grows until it can",
                           {{"directory", directory_.string()},
                            {"code", error.entry().name},
                            {"cause", error.detail}});
}

void WriteHealth::checkpointed() {
    const MutexLock lock{mutex_};
    wal_stays_ = false;
}

std::optional<Error> WriteHealth::trouble() const {
    const MutexLock lock{mutex_};
    return trouble_;
}

}  // namespace howl::storage::sqlite
