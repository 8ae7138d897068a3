// SPDX-License-Identifier: Apache-2.0
#include "server/record_checks.hpp"

#include "broker/kafka/checkpoint.hpp"
#include "products/chat/chat_app.hpp"
#include "products/chat/member.hpp"
#include "products/cloud/cloud_app.hpp"
#include "products/cloud/instance.hpp"
#include "products/reports/report.hpp"
#include "products/reports/reports_app.hpp"

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
    if (kind == products::cloud::kRecordKind) {
        return check_text<products::cloud::Instance>(record);
    }
    if (kind == products::chat::kRecordKind) {
        return check_text<products::chat::Member>(record);
    }
    if (kind == products::reports::kRecordKind) {
        HOWL_TRY_VOID(products::reports::stored_from(record));
        return {};
    }
    if (kind == broker::kafka::kCheckpointKind) {
        return check_text<broker::kafka::Checkpoint>(record);
    }
    if (kind == broker::kafka::kSourceKind) {
        return check_text<broker::kafka::Takeover>(record);
    }
    return {};
}

}  // namespace howl::server
