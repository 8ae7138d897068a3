// SPDX-License-Identifier: Apache-2.0
#include "transport/http/origin_rule.hpp"

#include <gtest/gtest.h>

namespace howl::transport {
namespace {

enum class Verdict { kRefused, kAllowed };
constexpr auto kYes = Verdict::kAllowed;
constexpr auto kNo = Verdict::kRefused;

struct Case {
    const char* origin;
    const char* host;
    Verdict verdict;
};

void expect_all(const OriginRule& rule, std::initializer_list<Case> cases) {
    for (const auto& [origin, host, verdict] : cases) {
        EXPECT_EQ(rule.allows(origin, host), verdict == kYes)
            << "Origin: " << origin << "  Host: " << host;
    }
}

TEST(OriginRule, WithoutAListOnlyTheOwnPageOfAnAddressPasses) {
    expect_all(OriginRule{},
               {
                   // Not a page of another site: curl, a server, a same-origin GET.
                   {"", "127.0.0.1:8080", kYes},
                   {"", "example.com", kYes},
                   {"", "", kYes},
                   // The server's own page.
                   {"http://127.0.0.1:8080", "127.0.0.1:8080", kYes},
                   {"http://127.0.0.1", "127.0.0.1", kYes},
                   {"https://127.0.0.1:8443", "127.0.0.1:8443", kYes},
                   {"http://localhost:8080", "localhost:8080", kYes},
                   {"http://localhost", "localhost", kYes},
                   {"https://localhost", "localhost", kYes},
                   {"http://localhost.:8080", "localhost.:8080", kYes},
                   {"http://app.localhost:8080", "app.localhost:8080", kYes},
                   {"http://[::1]:8080", "[::1]:8080", kYes},
                   {"http://[::1]", "[::1]", kYes},
                   {"http://192.168.1.20:8080", "192.168.1.20:8080", kYes},
                   {"http://[fe80::1]:8080", "[fe80::1]:8080", kYes},
                   // Another port, host or scheme is another page.
                   {"http://127.0.0.1:8081", "127.0.0.1:8080", kNo},
                   {"http://127.0.0.1", "127.0.0.1:8080", kNo},
                   {"http://127.0.0.1:8080", "127.0.0.1", kNo},
                   {"http://localhost:8080", "127.0.0.1:8080", kNo},
                   {"http://127.0.0.1:8080", "localhost:8080", kNo},
                   {"http://127.0.0.2:8080", "127.0.0.1:8080", kNo},
                   {"http://[::2]:8080", "[::1]:8080", kNo},
                   {"http://app.localhost:8080", "localhost:8080", kNo},
                   {"http://localhost:8080", "app.localhost:8080", kNo},
                   {"ws://127.0.0.1:8080", "127.0.0.1:8080", kNo},
                   {"file://127.0.0.1:8080", "127.0.0.1:8080", kNo},
                   {"chrome-extension://abcdefgh", "127.0.0.1:8080", kNo},
                   // Sandboxed frames, data: URLs, local files.
                   {"null", "127.0.0.1:8080", kNo},
                   {"null", "null", kNo},
                   {"file://", "127.0.0.1:8080", kNo},
                   // Look-alikes by prefix, suffix and user part.
                   {"http://127.0.0.1:8080.evil.example", "127.0.0.1:8080", kNo},
                   {"http://127.0.0.1.evil.example:8080", "127.0.0.1:8080", kNo},
                   {"http://evil.example/127.0.0.1:8080", "127.0.0.1:8080", kNo},
                   {"http://evil.example#127.0.0.1:8080", "127.0.0.1:8080", kNo},
                   {"http://localhost@evil.example", "localhost", kNo},
                   {"http://localhost.evil.example", "localhost", kNo},
                   {"http://notlocalhost", "localhost", kNo},
                   {"http://127.0.0.1:80800", "127.0.0.1:8080", kNo},
                   {"http://127.0.0.1:808", "127.0.0.1:8080", kNo},
                   {"http://127.0.0.1:8080/", "127.0.0.1:8080", kNo},
                   {" http://127.0.0.1:8080", "127.0.0.1:8080", kNo},
                   {"http://127.0.0.1:8080 ", "127.0.0.1:8080", kNo},
                   {"http://127.0.0.1:8080, http://evil.example", "127.0.0.1:8080", kNo},
                   // Browsers write both in lower case.
                   {"HTTP://127.0.0.1:8080", "127.0.0.1:8080", kNo},
                   {"http://LOCALHOST:8080", "localhost:8080", kNo},
                   {"http://", "", kNo},
                   {"http", "127.0.0.1", kNo},
               });
}

TEST(OriginRule, AHostNameThatPointsAtThisMachineDoesNotMakeAPageOurs) {
    // DNS rebinding: origin and host agree, because the page's own name has been pointed here.
    expect_all(OriginRule{},
               {
                   {"http://evil.example:8080", "evil.example:8080", kNo},
                   {"http://evil.example", "evil.example", kNo},
                   {"http://localhost.evil.example", "localhost.evil.example", kNo},
                   {"http://127.0.0.1.nip.example", "127.0.0.1.nip.example", kNo},
                   {"http://xn--80ak6aa92e.example", "xn--80ak6aa92e.example", kNo},
                   // Other spellings of an address are names to a browser, or nothing at all.
                   {"http://127.1", "127.1", kNo},
                   {"http://2130706433", "2130706433", kNo},
                   {"http://0x7f000001", "0x7f000001", kNo},
                   {"http://0177.0.0.1", "0177.0.0.1", kNo},
                   {"http://127.0.0.1:8080.evil.example", "127.0.0.1:8080.evil.example", kNo},
                   {"http://localhost:evil", "localhost:evil", kNo},
                   {"http://[::1]evil.example", "[::1]evil.example", kNo},
                   {"http://[::1]:8080.evil.example", "[::1]:8080.evil.example", kNo},
                   {"http://[::1", "[::1", kNo},
                   {"http://[", "[", kNo},
                   {"http://[]", "[]", kNo},
                   {"http://[evil.example]", "[evil.example]", kNo},
                   {"http://::1", "::1", kNo},
               });
}

TEST(OriginRule, AListedOriginPassesOnAnyHostAndNothingLikeItDoes) {
    expect_all(OriginRule{{"https://app.example.com", "http://dev.example:3000"}},
               {
                   {"https://app.example.com", "127.0.0.1:8080", kYes},
                   {"https://app.example.com", "howl.example.com", kYes},
                   {"http://dev.example:3000", "dev.example:3000", kYes},
                   {"http://127.0.0.1:8080", "127.0.0.1:8080", kYes},
                   {"http://app.example.com", "127.0.0.1:8080", kNo},
                   {"https://app.example.com:443", "127.0.0.1:8080", kNo},
                   {"https://app.example.com:8443", "127.0.0.1:8080", kNo},
                   {"https://app.example.com.", "127.0.0.1:8080", kNo},
                   {"https://app.example.com.evil.example", "127.0.0.1:8080", kNo},
                   {"https://evil-app.example.com", "127.0.0.1:8080", kNo},
                   {"https://evil.app.example.com", "127.0.0.1:8080", kNo},
                   {"https://appXexample.com", "127.0.0.1:8080", kNo},
                   {"https://APP.example.com", "127.0.0.1:8080", kNo},
                   {"https://xn--pp-8ka.example.com", "127.0.0.1:8080", kNo},
                   {"http://dev.example", "127.0.0.1:8080", kNo},
                   {"http://dev.example:30000", "127.0.0.1:8080", kNo},
                   {"null", "127.0.0.1:8080", kNo},
               });
}

TEST(OriginRule, AListedNameIsOursByHttpAndHttpsAndNothingLikeItIs) {
    expect_all(OriginRule{{"Howl.example.com"}},
               {
                   // A proxy passes the name on in `Host`, or says its own address there.
                   {"https://howl.example.com", "howl.example.com", kYes},
                   {"https://howl.example.com", "127.0.0.1:8080", kYes},
                   {"http://howl.example.com", "howl.example.com", kYes},
                   {"https://howl.example.com:8443", "howl.example.com:8443", kYes},
                   {"http://127.0.0.1:8080", "127.0.0.1:8080", kYes},
                   // Somebody else may serve another port of the name.
                   {"https://howl.example.com:8443", "howl.example.com", kNo},
                   {"https://howl.example.com:8443", "127.0.0.1:8443", kNo},
                   {"https://howl.example.com.evil.example", "howl.example.com", kNo},
                   {"https://howl.example.com.evil.example", "howl.example.com.evil.example", kNo},
                   {"https://howl.example.com:evil", "howl.example.com:evil", kNo},
                   {"https://evil-howl.example.com", "howl.example.com", kNo},
                   {"https://sub.howl.example.com", "sub.howl.example.com", kNo},
                   {"https://example.com", "example.com", kNo},
                   {"https://howl.example.com@evil.example", "howl.example.com", kNo},
                   {"ws://howl.example.com", "howl.example.com", kNo},
                   {"howl.example.com", "howl.example.com", kNo},
                   {"null", "howl.example.com", kNo},
                   {"https://", "howl.example.com", kNo},
               });
}

TEST(OriginRule, AnAsteriskLetsEveryoneInAndIsNoPattern) {
    const OriginRule everyone{{"*"}};
    EXPECT_TRUE(everyone.allows_everyone());
    expect_all(everyone, {
                             {"null", "127.0.0.1:8080", kYes},
                             {"http://evil.example", "evil.example", kYes},
                         });
    const OriginRule pattern{{"https://*.example.com"}};
    EXPECT_FALSE(pattern.allows_everyone());
    expect_all(pattern, {
                            {"https://app.example.com", "127.0.0.1", kNo},
                            {"https://.example.com", "127.0.0.1", kNo},
                        });
}

}  // namespace
}  // namespace howl::transport
