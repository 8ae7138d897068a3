// SPDX-License-Identifier: Apache-2.0
#include "transport/http/page_policy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace howl::transport {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// The hash of "alert('Hello, world.');", an example of the Content Security Policy specification.
constexpr std::string_view kHello = "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='";

TEST(PagePolicy, OfAPageWithoutScriptsOfItsOwnIsThis) {
    EXPECT_EQ(page_policy("<!doctype html><script type=\"module\" src=\"/a.js\"></script>"),
              "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
              "connect-src 'self'; font-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
              "object-src 'none'; form-action 'none'");
}

TEST(PagePolicy, AllowsTheScriptsThatStandInThePageByTheirHash) {
    const auto allowed = " " + std::string{kHello} + ";";
    EXPECT_THAT(page_policy("<head><script>alert('Hello, world.');</script></head>"),
                HasSubstr("script-src 'self'" + allowed));
    EXPECT_THAT(page_policy("<SCRIPT type=module>alert('Hello, world.');</Script>"),
                HasSubstr("script-src 'self'" + allowed));
    EXPECT_THAT(page_policy("<script src=\"/a.js\"></script><script>1</script>"
                            "<script>alert('Hello, world.');</script>"),
                HasSubstr("=' " + std::string{kHello} + ";"));
}

TEST(PagePolicy, APageThatIsCutAnywhereStillHasOne) {
    const std::string page = "<script>alert('Hello, world.');</script><p>";
    for (std::size_t size = 0; size < page.size(); ++size) {
        const auto policy = page_policy(page.substr(0, size));
        EXPECT_THAT(policy, HasSubstr("script-src 'self'")) << size;
        EXPECT_THAT(policy, Not(HasSubstr("unsafe"))) << size;
    }
}

}  // namespace
}  // namespace howl::transport
