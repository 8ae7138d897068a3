// SPDX-License-Identifier: Apache-2.0
#include "codec/websocket/deflate_negotiation.hpp"

#include <gtest/gtest.h>

namespace howl::codec::websocket {
namespace {

const std::string kPlain =
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

TEST(DeflateNegotiation, AgreesOnEachKnownParameter) {
    for (const std::string_view offer : {
             "permessage-deflate",
             "  permessage-deflate\t",
             "permessage-deflate; client_max_window_bits",
             "permessage-deflate;client_max_window_bits=8",
             "permessage-deflate; client_max_window_bits=15",
             "permessage-deflate; client_max_window_bits=\"15\"",
             "permessage-deflate; client_max_window_bits=\"1\\5\"",
             "permessage-deflate ; client_max_window_bits = 10 ",
             "permessage-deflate; server_no_context_takeover",
             "permessage-deflate; client_no_context_takeover",
             "permessage-deflate; client_no_context_takeover; server_no_context_takeover",
             "permessage-deflate; client_max_window_bits; client_no_context_takeover; "
             "server_no_context_takeover",
         }) {
        const auto agreed = negotiate_deflate(offer);
        ASSERT_TRUE(agreed) << offer;
        EXPECT_EQ(agreed->response, kPlain) << offer;
        EXPECT_EQ(agreed->server_window, kWindowBitsMax) << offer;
    }
}

TEST(DeflateNegotiation, KeepsToTheWindowThatTheClientAllows) {
    for (std::uint8_t bits = 9; bits <= 15; ++bits) {
        const std::string parameter = "; server_max_window_bits=" + std::to_string(bits);
        const auto agreed = negotiate_deflate("permessage-deflate" + parameter);
        ASSERT_TRUE(agreed) << int{bits};
        EXPECT_EQ(agreed->response, kPlain + parameter);
        EXPECT_EQ(agreed->server_window, WindowBits{bits});
    }
}

TEST(DeflateNegotiation, TakesTheFirstOfferThatTheServerCanMeet) {
    const std::string preferred =
        "permessage-deflate; server_max_window_bits=10; client_max_window_bits";
    const auto agreed = negotiate_deflate(
        preferred + ", permessage-deflate; client_max_window_bits, " + preferred, kWindowBitsMax);
    ASSERT_TRUE(agreed);
    EXPECT_EQ(agreed->response, kPlain);
    EXPECT_EQ(agreed->server_window, kWindowBitsMax);
    EXPECT_FALSE(negotiate_deflate(preferred, kWindowBitsMax));
    EXPECT_TRUE(negotiate_deflate("permessage-deflate; server_max_window_bits=15", kWindowBitsMax));
    EXPECT_EQ(negotiate_deflate(preferred + ", permessage-deflate", WindowBits{10})->server_window,
              WindowBits{10});
}

TEST(DeflateNegotiation, DeclinesAnOfferWithAnUnacceptableParameter) {
    for (const std::string_view parameter : {
             "unknown",
             "unknown=1",
             "server_no_context_takeover=1",
             "server_no_context_takeover=\"true\"",
             "client_no_context_takeover=0",
             "server_no_context_takeover; server_no_context_takeover",
             "client_no_context_takeover; client_no_context_takeover",
             "client_max_window_bits; client_max_window_bits",
             "client_max_window_bits=10; client_max_window_bits=11",
             "server_max_window_bits=10; server_max_window_bits=10",
             "server_max_window_bits",
             "server_max_window_bits=8",
             "server_max_window_bits=7",
             "server_max_window_bits=16",
             "server_max_window_bits=0",
             "server_max_window_bits=09",
             "server_max_window_bits=+9",
             "server_max_window_bits=-9",
             "server_max_window_bits=1e1",
             "server_max_window_bits=99999999999999999999",
             "server_max_window_bits=x",
             "client_max_window_bits=7",
             "client_max_window_bits=16",
             "client_max_window_bits=08",
             "client_max_window_bits=x",
             "Server_No_Context_Takeover",
         }) {
        const std::string bad = "permessage-deflate; " + std::string(parameter);
        EXPECT_FALSE(negotiate_deflate(bad)) << bad;
        // The offer is declined, not the header: the next one still counts.
        const auto agreed = negotiate_deflate(bad + ", permessage-deflate");
        ASSERT_TRUE(agreed) << bad;
        EXPECT_EQ(agreed->response, kPlain) << bad;
    }
}

TEST(DeflateNegotiation, TakesTheFirstAcceptableOfSeveral) {
    const struct {
        std::string_view offers;
        WindowBits window;
    } cases[] = {
        {"permessage-deflate; server_max_window_bits=9, permessage-deflate", WindowBits{9}},
        {"permessage-deflate; server_max_window_bits=8, permessage-deflate", WindowBits{15}},
        {"x-webkit-deflate-frame, permessage-deflate; server_max_window_bits=12", WindowBits{12}},
        {"permessage-bzip2; level=9, permessage-deflate", WindowBits{15}},
        {",, ,permessage-deflate; server_max_window_bits=10 ,,", WindowBits{10}},
        {"permessage-deflate, permessage-bzip2", WindowBits{15}},
    };
    for (const auto& [offers, window] : cases) {
        const auto agreed = negotiate_deflate(offers);
        ASSERT_TRUE(agreed) << offers;
        EXPECT_EQ(agreed->server_window, window) << offers;
    }
}

TEST(DeflateNegotiation, DeclinesWhatIsNotOnOffer) {
    for (const std::string_view offers :
         {"", " ", ",", "permessage", "permessage-deflate2", "x-permessage-deflate",
          "permessage-bzip2", "deflate; permessage-deflate"}) {
        EXPECT_FALSE(negotiate_deflate(offers)) << offers;
    }
}

TEST(DeflateNegotiation, DeclinesAMalformedHeaderWhereverItIsBroken) {
    for (const std::string_view bad : {
             ";",
             "=",
             "\"",
             "permessage-deflate;",
             "permessage-deflate; ;",
             "permessage-deflate; =",
             "permessage-deflate; =15",
             "permessage-deflate; client_max_window_bits=",
             "permessage-deflate; client_max_window_bits=;",
             "permessage-deflate; client_max_window_bits=\"\"",
             "permessage-deflate; client_max_window_bits=\"15",
             "permessage-deflate; client_max_window_bits=\"15\\",
             "permessage-deflate; client_max_window_bits=\" 15\"",
             "permessage-deflate; client_max_window_bits=\"15 \"",
             "permessage-deflate; client_max_window_bits=15 16",
             "permessage-deflate; client_max_window_bits==15",
             "permessage-deflate client_max_window_bits",
             "permessage-deflate/1",
             "permessage-deflate; a@b",
             "permessage-deflate\x01",
             "permessage-deflate\xC3\xA9",
         }) {
        EXPECT_FALSE(negotiate_deflate(bad)) << bad;
        EXPECT_FALSE(negotiate_deflate("permessage-deflate, " + std::string(bad))) << bad;
    }
    EXPECT_FALSE(negotiate_deflate(std::string_view{"permessage-deflate\0", 19}));
}

TEST(DeflateNegotiation, EndsOnAHeaderOfFullSize) {
    std::string offers;
    while (offers.size() < 1'000'000) {
        offers += "permessage-deflate;server_max_window_bits=\"\\8\",,";
    }
    EXPECT_FALSE(negotiate_deflate(offers));
}

}  // namespace
}  // namespace howl::codec::websocket
