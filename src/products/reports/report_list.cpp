// SPDX-License-Identifier: Apache-2.0
#include "products/reports/report_list.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/limits.hpp"
#include "hub/output_memory.hpp"
#include "products/turns.hpp"

namespace howl::products::reports {

namespace {

/// With a history of a few steps.
constexpr std::size_t kLikelyReportBytes = 512;

}  // namespace

runtime::Task<Result<ListPage>> page_of(runtime::Shard& shard,
                                        std::span<const ReportsApp::Stored> reports,
                                        std::string (*text_of)(const ReportsApp::Stored&),
                                        PageEnd end) {
    const auto likely = std::min(reports.size() * kLikelyReportBytes, limits::kPageBytesMax);
    HOWL_CO_TRY(memory, hub::OutputMemory::reserve(likely, "list reports"));
    std::vector<std::string> texts;
    std::size_t bytes = 0;
    while (texts.size() < reports.size()) {
        const auto at = end == PageEnd::kOldest ? texts.size() : reports.size() - 1 - texts.size();
        auto text = text_of(reports[at]);
        bytes += text.size() + 1;
        if (bytes > limits::kPageBytesMax && !texts.empty()) {
            break;
        }
        texts.push_back(std::move(text));
        if (texts.size() % kThingsPerTurnMax == 0) {
            memory = hub::OutputMemory::Hold{std::max(bytes, likely)};
            co_await next_turn(shard);
        }
    }
    if (end == PageEnd::kNewest) {
        std::ranges::reverse(texts);
    }
    co_return ListPage{fmt::format("[{}]", fmt::join(texts, ",")), texts.size()};
}

}  // namespace howl::products::reports
