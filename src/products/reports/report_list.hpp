// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "products/reports/reports_app.hpp"
#include "runtime/shard.hpp"
#include "runtime/task.hpp"

namespace howl::products::reports {

/// An answer with some of a user's reports.
struct ListPage {
    std::string text;       ///< `[...]`
    std::size_t shown = 0;  ///< As many reports stand in it.
};

/// Which reports go into a page that can't hold all.
enum class PageEnd : std::uint8_t { kOldest, kNewest };

/// `[...]` of what `text_of` says of each, in their order: at most about `limits::kPageBytesMax`,
/// one report at least. A user may have thousands: others get their turn on the shard after each
/// few hundred. Errors: `kOverloaded` where peers have too much in memory already.
[[nodiscard]] runtime::Task<Result<ListPage>> page_of(
    runtime::Shard& shard, std::span<const ReportsApp::Stored> reports,
    std::string (*text_of)(const ReportsApp::Stored&), PageEnd end);

}  // namespace howl::products::reports
