// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "apps/reports/reports_app.hpp"
#include "runtime/shard.hpp"
#include "runtime/task.hpp"

namespace howl::apps::reports {

/// `[...]` of what `text_of` says of each. A user may have thousands: others get their turn on the
/// shard after each few hundred.
[[nodiscard]] runtime::Task<std::string> array_of(
    runtime::Shard& shard, const std::vector<ReportsApp::Stored>& reports,
    std::string (*text_of)(const ReportsApp::Stored&));

}  // namespace howl::apps::reports
