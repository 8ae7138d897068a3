// SPDX-License-Identifier: Apache-2.0
#include "cli/since.hpp"

#include <string>

#include <fmt/format.h>

#include "products/reading.hpp"
#include "server/config.hpp"

namespace howl::cli {

Result<WallTime> parse_since(std::string_view text, WallTime now) {
    if (text == "beginning") {
        return WallTime{};
    }
    if (const auto ago = server::parse_duration(text)) {
        return now - *ago;
    }
    const std::string given{text};
    const auto day_and_time = given.contains('T') || given.empty() ? given : given + "T00:00:00Z";
    const auto without_zone = day_and_time.substr(0, day_and_time.find('Z'));
    for (const char* const ending : {"Z", ".000Z"}) {
        const auto moment = products::parse_iso_time(without_zone + ending);
        if (moment && day_and_time.ends_with('Z')) {
            return *moment;
        }
    }
    return fail(Errc::kInvalidConfig, "since",
                fmt::format("--since '{}': expected a duration such as 10m, 'beginning', or a "
                            "moment in UTC such as 2026-11-30T20:00:00Z",
                            text));
}

}  // namespace howl::cli
