// SPDX-License-Identifier: Apache-2.0
#include "registry/products.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "hub/topic_name.hpp"

namespace howl::registry {
namespace {

using products::Product;

/// Those that are there more than once.
std::vector<std::string> repeated(std::vector<std::string> names) {
    std::ranges::sort(names);
    std::vector<std::string> out;
    for (auto at = std::ranges::adjacent_find(names); at != names.end();
         at = std::adjacent_find(at + 1, names.end())) {
        out.push_back(*at);
    }
    return out;
}

template <class T, class Name>
std::vector<std::string> names_of(std::vector<T> (Product::*kind)() const, Name name) {
    std::vector<std::string> names;
    for (const auto& one : all_of(kind)) {
        names.emplace_back(one.*name);
    }
    return names;
}

TEST(Products, NoTwoOfThemClaimTheSameName) {
    using ::testing::IsEmpty;
    using namespace products;
    EXPECT_THAT(repeated(names_of(&Product::settings, &SettingsSection::name)), IsEmpty());
    EXPECT_THAT(repeated(names_of(&Product::records, &RecordKind::kind)), IsEmpty());
    EXPECT_THAT(repeated(names_of(&Product::endpoints, &EndpointKind::name)), IsEmpty());
    EXPECT_THAT(repeated(names_of(&Product::flows, &FlowKind::name)), IsEmpty());
    EXPECT_THAT(repeated({"b", "a", "b", "b"}), ::testing::ElementsAre("b", "b"));
}

TEST(Products, TheirTopicsAreHowlsOwn) {
    const products::ProductSettings defaults;
    for (const auto* product : products()) {
        const auto topics = product->topics(defaults);
        for (const auto& rule : topics.rules) {
            EXPECT_TRUE(rule.pattern.starts_with(hub::kReservedPrefix)) << rule.pattern;
        }
        for (const auto& rank : topics.ranks) {
            EXPECT_TRUE(rank.pattern.starts_with(hub::kReservedPrefix)) << rank.pattern;
        }
    }
}

TEST(Products, EverySettingGoesThereAndBack) {
    const products::ProductSettings defaults;
    for (const auto& section : all_of(&Product::settings)) {
        for (const auto& row : section.rows) {
            products::ProductSettings changed;
            row.set(changed, row.get(defaults));
            EXPECT_EQ(row.get(changed), row.get(defaults)) << section.name << "." << row.key;
            EXPECT_TRUE(!row.range || (row.range->least <= row.get(defaults) &&
                                       row.get(defaults) <= row.range->most))
                << section.name << "." << row.key;
        }
    }
}

}  // namespace
}  // namespace howl::registry
