// SPDX-License-Identifier: Apache-2.0
#include "products/uuid.hpp"

#include <gtest/gtest.h>

namespace howl::products {
namespace {

constexpr auto kUuid = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";

TEST(Uuid, IsReadInAllItsForms) {
    for (const std::string_view form :
         {"0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9", "0A1B2C3D-4E5F-6071-8293-A4B5C6D7E8F9",
          "0a1b2c3d4e5f60718293a4b5c6d7e8f9", "{0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9}",
          "urn:uuid:0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"}) {
        EXPECT_EQ(parse_uuid(form), kUuid) << form;
    }
    EXPECT_EQ(parse_uuid("00000000-0000-0000-0000-000000000000"),
              "00000000-0000-0000-0000-000000000000");
}

TEST(Uuid, WhatIsCutShortOrTooLongIsNone) {
    const std::string whole = kUuid;
    for (std::size_t length = 0; length < whole.size(); ++length) {
        EXPECT_EQ(parse_uuid(whole.substr(0, length)), std::nullopt) << length;
    }
    EXPECT_EQ(parse_uuid(whole + "0"), std::nullopt);
    EXPECT_EQ(parse_uuid(" " + whole), std::nullopt);
    EXPECT_EQ(parse_uuid("{" + whole), std::nullopt);
    EXPECT_EQ(parse_uuid(whole + "}"), std::nullopt);
}

TEST(Uuid, OtherTextsAreNone) {
    for (const std::string_view text :
         {"0a1b2c3d-4e5f-6071-8293a4b5c6d7e8f9", "0a1b2c3d4e5f-6071-8293-a4b5c6d7e8f9",
          "0g1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9", "urn:uuid:", "URN:UUID:", "кот"}) {
        EXPECT_EQ(parse_uuid(text), std::nullopt) << text;
    }
    EXPECT_EQ(parse_uuid(std::string(36, '\0')), std::nullopt);
}

TEST(Uuid, OfANameIsOneThatOldLibrariesKnow) {
    // By Python's uuid.uuid5, with the same namespace.
    EXPECT_EQ(uuid_named("a name"), "97ea2ab3-e3df-5111-a743-34fd5ae48f89");
    EXPECT_NE(uuid_named("another name"), uuid_named("a name"));
}

TEST(Uuid, IsMadeOfAHash) {
    codec::Sha256 ones{};
    ones.fill(0xFF);
    EXPECT_EQ(uuid_of(ones), "ffffffff-ffff-8fff-bfff-ffffffffffff");
    EXPECT_EQ(uuid_of({}), "00000000-0000-8000-8000-000000000000");
}

}  // namespace
}  // namespace howl::products
