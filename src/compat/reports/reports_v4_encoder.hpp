// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "products/reports/report_notice.hpp"
#include "products/topics/event_encoders.hpp"

namespace howl::compat::reports {

using products::reports::ReportNotice;
using products::topics::SseEncoder;

/// `{"userId","reportId","reportStatus"}`: what the original says of a report.
[[nodiscard]] std::string v4_text(const ReportNotice& notice);

/// SSE as the original has it, behind an `id:`: `report_status_update` with `{"id","status"}`. Also
/// `report_created` with `v4_text`, which the original did not tell and old pages don't listen to.
class ReportsV4Encoder final : public SseEncoder {
public:
    ReportsV4Encoder() : SseEncoder(Data::kRaw) {}

    /// An event of any other kind only moves the reader's place.
    [[nodiscard]] std::string encode(const hub::Event& event,
                                     const hub::Cursor& cursor) const override;
};

}  // namespace howl::compat::reports
