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
    if (setting.range != nullptr) {
        static const std::regex kRange{R"x(From ("?[0-9a-z]+"?) to ("?[0-9a-z]+"?)\.)x"};
        std::smatch ends;
        const auto text = setting.range();
        EXPECT_TRUE(std::regex_match(text, ends, kRange)) << text;
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

/// What our code has behind a dot or an arrow: `.queue_bytes_max`.
std::set<std::string> members_in_use() {
    static const std::regex kMember{R"((?:\.|->)([a-z_0-9]+))"};
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
        for (std::sregex_iterator at{text.begin(), text.end(), kMember}, end; at != end; ++at) {
            found.insert((*at)[1]);
        }
    }
    return found;
}

/// The last names of the members of `Config` in the table: of `transport.queue_bytes_max` the
/// second.
constexpr std::string_view kMembers[] = {
#define HOWL_SECTION(name, documentation)
#define HOWL_SETTING(section, key, member, documentation) #member,
#define HOWL_NUMBER(section, key, member, least, most, documentation) #member,
#include "server/settings.def"
#undef HOWL_SECTION
#undef HOWL_SETTING
#undef HOWL_NUMBER
};

TEST(SettingsTable, SomebodyAsksForEverySetting) {
    const auto used = members_in_use();
    for (const std::string_view member : kMembers) {
        const std::string name{member.substr(member.rfind('.') + 1)};
        EXPECT_TRUE(used.contains(name)) << member << " is read from the file and then by nobody";
    }
}

}  // namespace
}  // namespace howl::server
