// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace howl::server {

/// Where a setting was given: a line of a file, or an option of the command line.
struct Place {
    std::string source;    ///< `howl.toml` or `--portal-dir`.
    std::size_t line = 0;  ///< 0: there are no lines.
};

/// One thing that is wrong in a configuration.
struct ConfigFault {
    Place place;
    std::string what;

    /// `howl.toml:12: there is no section [sever]`.
    [[nodiscard]] std::string text() const;
};

using ConfigFaults = std::vector<ConfigFault>;

/// A line for each fault, in order of their lines; those without one come last.
[[nodiscard]] std::string describe(const ConfigFaults& faults);

/// Remembers where settings were given, so that what is found wrong later can be shown there.
/// A setting is named as in its section: `portal.folder`, `listener[0]`, `kafka.source[1]`.
class SettingPlaces {
public:
    void set(std::string setting, Place place);
    /// Of a setting that nobody gave, its name stands for the place.
    [[nodiscard]] Place of(const std::string& setting) const;

private:
    std::map<std::string, Place> places_;
};

}  // namespace howl::server
