// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "hub/store.hpp"

namespace howl::server {

/// Whether the app that `record` belongs to could read it. Records of kinds that no app parses are
/// right. Errors: why it could not.
[[nodiscard]] Result<void> check_record(const hub::Record& record);

}  // namespace howl::server
