// SPDX-License-Identifier: Apache-2.0
#include "server/settings_table.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace howl::server {
namespace {

/// A value that `setting` takes and that is not its default, as it stands in a file.
std::string other_value(const Setting& setting) {
    const auto usual = setting.show_in(Config{});
    if (!setting.range.empty()) {
        static const std::regex kRange{R"x(From ("?[0-9a-z]+"?) to ("?[0-9a-z]+"?)\.)x"};
        std::smatch ends;
        EXPECT_TRUE(std::regex_match(setting.range, ends, kRange)) << setting.range;
        return ends[1] == usual ? ends[2] : ends[1];
    }
    if (usual == "true" || usual == "false") {
        return usual == "true" ? "false" : "true";
    }
    if (usual.starts_with("[")) {
        return R"(["https://other.example"])";
    }
    for (const std::string choice : {R"("json")", R"("debug")", R"("dynamodb")"}) {
        const auto text = fmt::format("[{}]\n{} = {}\n", setting.section, setting.key, choice);
        if (choice != usual && read_config(text, "x").faults.empty()) {
            return choice;
        }
    }
    return R"("other")";
}

TEST(SettingsTable, EverySettingIsReadIntoAPlaceOfItsOwn) {
    for (const auto& setting : settings()) {
        const auto value = other_value(setting);
        const auto text = fmt::format("[{}]\n{} = {}\n", setting.section, setting.key, value);
        const auto config = parse_config(text, "x");
        ASSERT_TRUE(config) << text << config.error().describe();
        for (const auto& shown : settings()) {
            const bool is_it = &shown == &setting;
            EXPECT_EQ(shown.show_in(*config), is_it ? value : shown.show_in(Config{}))
                << shown.section << "." << shown.key << " after " << text;
        }
    }
}

/// What the group of `pattern` matches in our code.
std::set<std::string> found_in_sources(const std::string& pattern) {
    const std::regex member{pattern};
    std::set<std::string> found;
    const auto folder = std::filesystem::path{HOWL_SOURCE_DIR} / "src";
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
        const auto name = entry.path().filename().string();
        const bool is_ours = name.ends_with(".cpp") || name.ends_with(".hpp");
        if (!is_ours || name.ends_with("_test.cpp") || name.ends_with("_for_test.hpp")) {
            continue;
        }
        std::ifstream file{entry.path()};
        const std::string text{std::istreambuf_iterator<char>{file}, {}};
        for (std::sregex_iterator at{text.begin(), text.end(), member}, end; at != end; ++at) {
            found.insert((*at)[1]);
        }
    }
    return found;
}

/// The members of `Config` in the table.
constexpr std::string_view kMembers[] = {
#define HOWL_SECTION(name, documentation)
#define HOWL_SETTING(section, key, member, documentation) #member,
#define HOWL_NUMBER(section, key, member, least, most, documentation) #member,
#define HOWL_SECTIONS_OF(place)
#include "server/settings.def"
#undef HOWL_SECTION
#undef HOWL_SETTING
#undef HOWL_NUMBER
#undef HOWL_SECTIONS_OF
};

/// Of `transport.queue_bytes_max` the second.
std::string last_name_of(std::string_view member) {
    return std::string{member.substr(member.rfind('.') + 1)};
}

TEST(SettingsTable, SomebodyAsksForEverySetting) {
    const auto used = found_in_sources(R"((?:\.|->)([a-z_0-9]+))");
    for (const std::string_view member : kMembers) {
        EXPECT_TRUE(used.contains(last_name_of(member)))
            << member << " is read from the file and then by nobody";
    }
    const auto of_products = found_in_sources(R"(&[A-Z]\w+Settings::([a-z_0-9]+))");
    EXPECT_GE(of_products.size(), 20U);
    for (const auto& member : of_products) {
        EXPECT_TRUE(used.contains(member)) << member << " is read from the file and then by nobody";
    }
}

}  // namespace
}  // namespace howl::server
