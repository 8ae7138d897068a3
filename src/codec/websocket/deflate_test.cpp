// SPDX-License-Identifier: Apache-2.0
#include "codec/websocket/deflate.hpp"

#include <type_traits>
#include <utility>

#include <gtest/gtest.h>

namespace howl::codec::websocket {
namespace {

using namespace std::string_literals;

static_assert(std::is_nothrow_move_constructible_v<Deflater>);
static_assert(std::is_nothrow_move_constructible_v<Inflater>);

std::string repeating(std::size_t size) {
    std::string text;
    while (text.size() < size) {
        text += "wolf " + std::to_string(text.size() % 977) + ' ';
    }
    text.resize(size);
    return text;
}

TEST(WebsocketDeflate, WritesTheExamplesOfRfc7692Section723) {
    Deflater deflater;
    const std::string hello = "\xf2\x48\xcd\xc9\xc9\x07\x00"s;
    EXPECT_EQ(deflater.compress("Hello"), hello);
    // The same again: there is no context to refer to.
    EXPECT_EQ(deflater.compress("Hello"), hello);
    EXPECT_EQ(deflater.compress(""), "\x00"s);
}

TEST(WebsocketDeflate, RestoresEverySizeThroughEveryWindow) {
    Deflater deflater;
    Inflater inflater;
    for (std::uint8_t bits = kWindowBitsMin.value(); bits <= kWindowBitsMax.value(); ++bits) {
        for (const std::size_t size :
             {0U, 1U, 2U, 511U, 512U, 4096U, 16383U, 16384U, 16385U, 65536U, 300'000U}) {
            const std::string text = repeating(size);
            const std::string packed = deflater.compress(text, WindowBits{bits});
            EXPECT_EQ(inflater.inflate(packed, text.size()).value(), text)
                << size << " bytes, window " << int{bits};
        }
    }
}

TEST(WebsocketDeflate, KeepsToASmallWindow) {
    // The second half repeats the first, 1,000 bytes away: only a larger window may refer to it.
    std::string noise;
    std::uint32_t state = 7;
    for (int i = 0; i < 1000; ++i) {
        state = state * 1664525U + 1013904223U;
        noise += static_cast<char>(state >> 24U);
    }
    Deflater deflater;
    EXPECT_LT(deflater.compress(noise + noise, kWindowBitsMax).size(), 1100U);
    EXPECT_GT(deflater.compress(noise + noise, kWindowBitsMin).size(), 2000U);
}

TEST(WebsocketDeflate, RefusesWhatIsOverTheLimitAndKeepsMemoryWithinIt) {
    Deflater deflater;
    Inflater inflater;
    for (const std::size_t size : {1U, 1000U, 16384U, 16385U, 65536U}) {
        const std::string packed = deflater.compress(std::string(size, 'x'));
        EXPECT_EQ(inflater.inflate(packed, size - 1).error().code, Errc::kMessageTooBig) << size;
        const auto text = inflater.inflate(packed, size);
        EXPECT_EQ(text.value().size(), size);
        EXPECT_LE(text->capacity(), size + 16384) << size;
    }
}

TEST(WebsocketDeflate, KeepsMemoryWithinTheLimitAlsoInSmallStreams) {
    const std::string final_hello = "\xf3\x48\xcd\xc9\xc9\x07\x00"s;
    std::string packed;
    for (int i = 0; i < 5000; ++i) {
        packed += final_hello;
    }
    Inflater inflater;
    const auto text = inflater.inflate(packed, 25'000);
    EXPECT_EQ(text.value().size(), 25'000U);
    EXPECT_LE(text->capacity(), 25'000U + 16384);
    EXPECT_EQ(inflater.inflate(packed, 24'999).error().code, Errc::kMessageTooBig);
}

TEST(WebsocketDeflate, RefusesEveryTruncation) {
    const std::string text = repeating(400);
    const std::string packed = Deflater{}.compress(text);
    Inflater inflater;
    for (std::size_t size = 1; size < packed.size(); ++size) {
        const auto result = inflater.inflate(std::string_view{packed}.substr(0, size), 1000);
        EXPECT_FALSE(result && *result == text) << size;
    }
    EXPECT_EQ(inflater.inflate(packed, 1000).value(), text);
}

TEST(WebsocketDeflate, WorksAfterAnErrorAndAfterAMove) {
    Inflater first;
    EXPECT_EQ(first.inflate("\xff\xff\xff\xff", 100).error().code, Errc::kInvalidUtf8);
    Inflater second = std::move(first);
    EXPECT_EQ(second.inflate("\xf2\x48\xcd\xc9\xc9\x07\x00"s, 5).value(), "Hello");
    Deflater deflater;
    EXPECT_EQ(deflater.compress(""), "\x00"s);
    Deflater moved = std::move(deflater);
    EXPECT_EQ(moved.compress(""), "\x00"s);
}

}  // namespace
}  // namespace howl::codec::websocket
