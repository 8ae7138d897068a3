// SPDX-License-Identifier: Apache-2.0
#include "products/system/portal.hpp"

#include <filesystem>
#include <system_error>

#include <fmt/format.h>

namespace howl::products::system {

namespace fs = std::filesystem;

namespace {

Result<void> check_folder(const std::string& folder) {
    std::error_code error;
    if (!fs::is_directory(folder, error)) {
        return fail(Errc::kInvalidConfig, "portal",
                    fmt::format("cannot read {}: {}", folder,
                                error ? error.message() : std::string{"Not a directory"}));
    }
    if (!fs::is_regular_file(fs::path{folder} / "index.html", error)) {
        return fail(Errc::kInvalidConfig, "portal",
                    fmt::format("{} has no index.html, so it is no portal", folder));
    }
    return {};
}

}  // namespace

Result<transport::StaticFiles> load_portal(const std::string& folder) {
    HOWL_TRY_VOID(check_folder(folder));
    return transport::StaticFiles::load(folder);
}

}  // namespace howl::products::system
