// SPDX-License-Identifier: Apache-2.0
#include "server/config_fault.hpp"

#include <cstdint>
#include <map>
#include <utility>

#include <fmt/format.h>

namespace howl::server {

std::string ConfigFault::text() const {
    return place.line == 0 ? fmt::format("{}: {}", place.source, what)
                           : fmt::format("{}:{}: {}", place.source, place.line, what);
}

std::string describe(const ConfigFaults& faults) {
    std::multimap<std::size_t, const ConfigFault*> by_line;  // Of one line, as they were found.
    for (const auto& fault : faults) {
        by_line.emplace(fault.place.line == 0 ? SIZE_MAX : fault.place.line, &fault);
    }
    std::string text;
    for (const auto& [line, fault] : by_line) {
        text += (text.empty() ? "" : "\n") + fault->text();
    }
    return text;
}

void SettingPlaces::set(std::string setting, Place place) {
    places_[std::move(setting)] = std::move(place);
}

Place SettingPlaces::of(const std::string& setting) const {
    const auto found = places_.find(setting);
    return found == places_.end() ? Place{.source = setting} : found->second;
}

}  // namespace howl::server
