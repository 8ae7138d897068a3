// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "server/config.hpp"

namespace howl::server {

/// Everything for which the server would refuse to start with `config`, or could not serve: what
/// the parser can't know, since it is about files, addresses, and settings together. It opens and
/// reads what the server would, and changes nothing.
///
/// Absent on purpose, since only the moment decides: a port or a data directory that another
/// process uses, brokers and databases that are down.
/// Thread: any, before the server starts.
[[nodiscard]] ConfigFaults faults_of(const Config& config);

/// An origin as browsers write it (RFC 6454 section 6.2), since others never match:
/// `https://app.example.com`, `http://localhost:3000`; also `*` and `null`.
/// Errors: `kInvalidConfig`; the detail says how it is written.
[[nodiscard]] Result<void> check_origin(std::string_view origin);

/// A host name as the header Host has it, without its port; also `*`. Errors: `kInvalidConfig`.
[[nodiscard]] Result<void> check_host_name(std::string_view name);

}  // namespace howl::server
