// SPDX-License-Identifier: Apache-2.0
#include "codec/sha256.hpp"

#include <gtest/gtest.h>

namespace howl::codec {
namespace {

// The examples that NIST publishes for FIPS 180-4.
TEST(Sha256, GivesTheDigestsOfFips180) {
    EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256_hex("abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Sha256, TakesPiecesAsOneText) {
    EXPECT_EQ(sha256_of({"a", "", "bc"}), sha256_of({"abc"}));
    EXPECT_NE(sha256_of({"acb"}), sha256_of({"abc"}));
}

// An example of the Content Security Policy specification.
TEST(Sha256, IsWrittenInBase64AsAPolicyWantsIt) {
    EXPECT_EQ(sha256_base64("alert('Hello, world.');"),
              "qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=");
}

}  // namespace
}  // namespace howl::codec
