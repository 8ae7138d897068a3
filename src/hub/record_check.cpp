// SPDX-License-Identifier: Apache-2.0
#include "hub/record_check.hpp"

#include <string>

#include "base/limits.hpp"

namespace howl::hub {

Result<void> check_record_change(const RecordChange& change) {
    const auto& [kind, id] = change.key;
    if (kind.empty() || kind.size() > limits::kRecordKindBytesMax || id.empty() ||
        id.size() > limits::kRecordIdBytesMax ||
        change.owner.size() > limits::kRecordOwnerBytesMax) {
        return fail(Errc::kBadRequest, "commit", "kind, id or owner of the record");
    }
    if (change.data && change.data->size() > limits::kEventBytesMax) {
        return fail(Errc::kBodyTooLarge, "commit",
                    "a record is at most " + std::to_string(limits::kEventBytesMax) + " bytes");
    }
    return {};
}

Result<void> check_version(const RecordChange& change, Version present) {
    if (present != change.expected) {
        return fail(Errc::kVersionConflict, "commit",
                    "the record has version " + std::to_string(present.value()) + ", not " +
                        std::to_string(change.expected.value()));
    }
    return {};
}

}  // namespace howl::hub
