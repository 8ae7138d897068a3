// SPDX-License-Identifier: Apache-2.0
#include "codec/http/field_list.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace howl::codec::http {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> members_of(std::string_view field) {
    std::vector<std::string> out;
    FieldList list{field};
    while (const auto member = list.next()) {
        out.emplace_back(member->value);
    }
    return out;
}

std::optional<std::uint16_t> weight_in(std::string_view field) {
    return weight_of(*FieldList{field}.next());
}

TEST(FieldList, CutsAtCommasAndLeavesEmptyMembersOut) {
    EXPECT_THAT(members_of(""), ElementsAre());
    EXPECT_THAT(members_of(" , ,\t,"), ElementsAre());
    EXPECT_THAT(members_of("a, b\t,,c"), ElementsAre("a", "b", "c"));
    EXPECT_THAT(members_of("text/html;q=0.9 , */*;q=0.8"), ElementsAre("text/html", "*/*"));
}

TEST(FieldList, ACommaInQuotesIsPartOfItsMember) {
    EXPECT_THAT(members_of(R"("a,b", W/"c", "d\", "e")"),
                ElementsAre(R"("a,b")", R"(W/"c")", R"("d\")", R"("e")"));
    EXPECT_THAT(members_of(R"(a;x="1,\",2", b)"), ElementsAre("a", "b"));
    EXPECT_THAT(members_of(R"(a, "b, c)"), ElementsAre("a", R"("b, c)"));
}

TEST(FieldList, ReadsParametersWithAndWithoutQuotes) {
    const auto parameters = parse_parameters(R"(; a=1 ;B="x;\"y";c;; d = "")");
    ASSERT_TRUE(parameters);
    ASSERT_EQ(parameters->size(), 5U);
    EXPECT_EQ((*parameters)[0].name, "a");
    EXPECT_EQ((*parameters)[0].value, "1");
    EXPECT_EQ((*parameters)[1].name, "B");
    EXPECT_EQ((*parameters)[1].value, "x;\"y");
    EXPECT_EQ((*parameters)[2].value, std::nullopt);
    EXPECT_EQ((*parameters)[3].name, "");
    EXPECT_EQ((*parameters)[4].value, "");
    EXPECT_TRUE(parse_parameters("")->empty());
    for (const std::string_view bad : {"a", ";a=", ";=1", ";a=\"b", ";a=\"b\\", ";a=\"", ";a b",
                                       ";a=b c", ";a=\"b\"c", ";a=\"b\\\""}) {
        EXPECT_FALSE(parse_parameters(bad)) << bad;
    }
}

TEST(FieldList, ReadsWeightsAsClientsWriteThem) {
    EXPECT_EQ(weight_in("a"), 1000);
    EXPECT_EQ(weight_in("a;q=0"), 0);
    EXPECT_EQ(weight_in("a;q=1.000"), 1000);
    EXPECT_EQ(weight_in("a;level=1; Q=0.25"), 250);
    EXPECT_EQ(weight_in("*; q=.2"), 200);
    EXPECT_EQ(weight_in("a;q=0.12345"), 123);
    for (const std::string_view bad :
         {"a;q", "a;q=", "a;q=x", "a;q=2", "a;q=-1", "a;q=.", "a;q=1e1", "a;q=0,5", "a;q=\"0.5"}) {
        EXPECT_NE(weight_in(bad), 500) << bad;
    }
    EXPECT_EQ(weight_in("a;q=2"), std::nullopt);
    EXPECT_EQ(weight_in("a;q=x"), std::nullopt);
}

TEST(FieldList, KnowsAMemberInAnyCaseWhateverStandsBesideIt) {
    EXPECT_TRUE(list_contains("keep-alive, Upgrade", "upgrade"));
    EXPECT_TRUE(list_contains("websocket;x=1", "websocket"));
    EXPECT_FALSE(list_contains("x=\"upgrade\"", "upgrade"));
    EXPECT_FALSE(list_contains("\"a, upgrade, b\"", "upgrade"));
    EXPECT_FALSE(list_contains("upgraded", "upgrade"));
}

TEST(FieldList, EveryCutOfAFieldIsReadToItsEnd) {
    constexpr std::string_view kField = R"(a;q="0\.5",W/"b,\",c ; d="e\"" ;; , "f)";
    for (std::size_t size = 0; size <= kField.size(); ++size) {
        FieldList list{kField.substr(0, size)};
        std::size_t members = 0;
        while (const auto member = list.next()) {
            static_cast<void>(weight_of(*member));
            ASSERT_LE(++members, size);
        }
    }
}

}  // namespace
}  // namespace howl::codec::http
