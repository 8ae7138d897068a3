// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.hpp"
#include "transport/http/static_files.hpp"

namespace howl::products::system {

struct PortalSettings {
    /// With the files of the built portal; empty: the built-in home page.
    std::string folder;
};

/// Reads the files. A portal has a page to begin with; a folder without one is a mistake in the
/// path, and its files are no business of the world. Errors: `kInvalidConfig`.
[[nodiscard]] Result<transport::StaticFiles> load_portal(const std::string& folder);

}  // namespace howl::products::system
