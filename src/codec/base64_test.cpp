// SPDX-License-Identifier: Apache-2.0
#include "codec/base64.hpp"

#include <gtest/gtest.h>

namespace howl::codec {
namespace {

TEST(Base64, GoesBothWays) {
    // RFC 4648 section 10.
    for (const auto& [bytes, text] : std::initializer_list<std::pair<std::string, std::string>>{
             {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}}) {
        EXPECT_EQ(base64_of(bytes), text);
        EXPECT_EQ(from_base64(text), bytes);
    }
    EXPECT_EQ(base64_of(std::string("\0\xFF", 2)), "AP8=");
    EXPECT_EQ(from_base64("!!!!"), std::nullopt);
}

}  // namespace
}  // namespace howl::codec
