// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"
#include "products/wisdom/quotes.hpp"
#include "server/config.hpp"

namespace howl::server {

/// The quotes of the wolf: those of the file that `wisdom.quotes` names, else the built-in ones.
/// Errors: those of `read_file` and `parse_quotes`.
[[nodiscard]] Result<products::wisdom::Quotes> quotes_of(const Config& config);

}  // namespace howl::server
