// SPDX-License-Identifier: Apache-2.0
#include "hub/unreadable_records.hpp"

#include <set>
#include <utility>

#include "base/mutex.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

namespace howl::hub {
namespace {

/// The records that have got their log line.
class Named {
public:
    /// True for the first call with these names.
    [[nodiscard]] bool add(std::string_view table, std::string_view id) {
        const MutexLock lock{mutex_};
        return names_.size() < kUnreadableNamedMax && names_.emplace(table, id).second;
    }

private:
    Mutex mutex_;
    std::set<std::pair<std::string, std::string>> names_ HOWL_GUARDED_BY(mutex_);
};

bool is_first_time(std::string_view table, std::string_view id) {
    static Named named;
    return named.add(table, id);
}

}  // namespace

std::string reason_of(const Error& why) {
    return why.detail.empty() ? why.describe() : why.detail;
}

void note_unreadable(std::string_view table, std::string_view id, const Error& why) {
    telemetry::count(telemetry::Counter::kRecordsUnreadable);
    if (is_first_time(table, id)) {
        telemetry::log_error("a record can't be read and is left out; see: howl store check",
                             {{"table", table}, {"record", id}, {"reason", reason_of(why)}});
    }
}

}  // namespace howl::hub
