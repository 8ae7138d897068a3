// SPDX-License-Identifier: Apache-2.0
#include "products/topics/media_types.hpp"

#include <gtest/gtest.h>

namespace howl::products::topics {
namespace {

TEST(MediaTypes, SayWhatIsBinary) {
    for (const char* type : {"application/octet-stream", "Image/PNG", "font/woff2",
                             "application/cbor; x=1", "video/mp4", "application/x-protobuf"}) {
        EXPECT_EQ(kind_of(type), hub::DataKind::kBinary) << type;
    }
    for (const char* type : {"", "text/plain", "application/json", "image/svg+xml", "x/y",
                             "application/x-www-form-urlencoded"}) {
        EXPECT_EQ(kind_of(type), hub::DataKind::kText) << type;
    }
}

}  // namespace
}  // namespace howl::products::topics
