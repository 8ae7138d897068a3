// SPDX-License-Identifier: Apache-2.0
#include "apps/reports/report_list.hpp"

#include "apps/turns.hpp"

namespace howl::apps::reports {

runtime::Task<std::string> array_of(runtime::Shard& shard,
                                    const std::vector<ReportsApp::Stored>& reports,
                                    std::string (*text_of)(const ReportsApp::Stored&)) {
    std::string text = "[";
    for (std::size_t i = 0; i < reports.size(); ++i) {
        text.append(i == 0 ? "" : ",").append(text_of(reports[i]));
        if ((i + 1) % kThingsPerTurnMax == 0) {
            co_await next_turn(shard);
        }
    }
    text += "]";
    co_return text;
}

}  // namespace howl::apps::reports
