// SPDX-License-Identifier: Apache-2.0
#include "server/record_checks.hpp"

#include "broker/kafka/checkpoint.hpp"
#include "registry/products.hpp"

namespace howl::server {
namespace {

template <class Value>
Result<void> check_text(const hub::Record& record) {
    HOWL_TRY_VOID(Value::parse(record.data));
    return {};
}

}  // namespace

Result<void> check_record(const hub::Record& record) {
    for (const auto& known : registry::all_of(&products::Product::records)) {
        if (record.key.kind == known.kind) {
            return known.check(record);
        }
    }
    if (record.key.kind == broker::kafka::kCheckpointKind) {
        return check_text<broker::kafka::Checkpoint>(record);
    }
    if (record.key.kind == broker::kafka::kSourceKind) {
        return check_text<broker::kafka::Takeover>(record);
    }
    return {};
}

}  // namespace howl::server
