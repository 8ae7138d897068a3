// SPDX-License-Identifier: Apache-2.0
#include "server/record_checks.hpp"

#include "apps/chat/chat_app.hpp"
#include "apps/chat/member.hpp"
#include "apps/cloud/cloud_app.hpp"
#include "apps/cloud/instance.hpp"
#include "apps/reports/report.hpp"
#include "apps/reports/reports_app.hpp"
#include "broker/kafka/place.hpp"

namespace howl::server {
namespace {

template <class Value>
Result<void> check_text(const hub::Record& record) {
    HOWL_TRY_VOID(Value::parse(record.data));
    return {};
}

}  // namespace

Result<void> check_record(const hub::Record& record) {
    const auto& kind = record.key.kind;
    if (kind == apps::cloud::kRecordKind) {
        return check_text<apps::cloud::Instance>(record);
    }
    if (kind == apps::chat::kRecordKind) {
        return check_text<apps::chat::Member>(record);
    }
    if (kind == apps::reports::kRecordKind) {
        HOWL_TRY_VOID(apps::reports::stored_from(record));
        return {};
    }
    if (kind == broker::kafka::kPlaceKind) {
        return check_text<broker::kafka::Place>(record);
    }
    if (kind == broker::kafka::kSourceKind) {
        return check_text<broker::kafka::Takeover>(record);
    }
    return {};
}

}  // namespace howl::server
