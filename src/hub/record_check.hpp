// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/ids.hpp"
#include "base/result.hpp"
#include "hub/store.hpp"

namespace howl::hub {

/// What every adapter of `Store` refuses before the change enters the log's order.
/// Errors: `kBadRequest` (kind, id or owner too long, kind or id empty), `kBodyTooLarge`.
[[nodiscard]] Result<void> check_record_change(const RecordChange& change);

/// What every adapter asks at the change's turn. `present`: the record's version, 0 if there is
/// none. Errors: `kVersionConflict`.
[[nodiscard]] Result<void> check_version(const RecordChange& change, Version present);

}  // namespace howl::hub
