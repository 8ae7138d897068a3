// SPDX-License-Identifier: Apache-2.0
#include "compat/reports/reports_v4_encoder.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "codec/sse/encoder.hpp"
#include "compat/reports/wanted_move.hpp"

namespace howl::compat::reports {

using products::reports::kCreated;
using products::reports::kMoved;
using products::reports::name_of;

namespace json = boost::json;

std::string v4_text(const ReportNotice& notice) {
    return json::serialize(json::object{{"userId", notice.user},
                                        {"reportId", notice.id},
                                        {"reportStatus", name_of(notice.move.to)}});
}

std::string ReportsV4Encoder::encode(const hub::Event& event, const hub::Cursor& cursor) const {
    const auto notice = ReportNotice::parse(event.data);
    if (!notice || (event.type != kCreated && event.type != kMoved)) {
        return encode_joined(cursor);
    }
    const auto data =
        event.type == kCreated ? v4_text(*notice) : WantedMove{notice->id, notice->move.to}.text();
    const auto id = cursor.text();
    std::string out;
    codec::sse::append_event(out, {.event = event.type, .id = id, .data = data});
    return out;
}

}  // namespace howl::compat::reports
