// SPDX-License-Identifier: Apache-2.0
#include "codec/sse/encoder.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "base/random.hpp"
#include "codec/sse/parser.hpp"

namespace howl::codec::sse {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

std::string encoded(const EventFields& fields) {
    std::string out;
    append_event(out, fields);
    return out;
}

std::string encoded_data(std::string_view data) {
    return encoded({.data = data});
}

std::string encoded_comment(std::string_view text) {
    std::string out;
    append_comment(out, text);
    return out;
}

std::string encoded_retry(std::chrono::milliseconds wait) {
    std::string out;
    append_retry(out, wait);
    return out;
}

TEST(SseEncoder, WritesIdThenNameThenData) {
    EXPECT_EQ(encoded({.event = "started", .id = "k3x9.42", .data = "{\"n\":1}"}),
              "id: k3x9.42\nevent: started\ndata: {\"n\":1}\n\n");
    EXPECT_EQ(encoded({.event = "report_status_update", .data = "{}"}),
              "event: report_status_update\ndata: {}\n\n");
    EXPECT_EQ(encoded({.id = "1", .data = "hi"}), "id: 1\ndata: hi\n\n");
}

TEST(SseEncoder, AppendsToWhatIsThere) {
    std::string out = "data: a\n\n";
    append_event(out, {.data = "b"});
    EXPECT_EQ(out, "data: a\n\ndata: b\n\n");
}

TEST(SseEncoder, StartsADataLineAtEveryKindOfLineBreak) {
    EXPECT_EQ(encoded_data("a\nb"), "data: a\ndata: b\n\n");
    EXPECT_EQ(encoded_data("a\rb"), "data: a\ndata: b\n\n");
    EXPECT_EQ(encoded_data("a\r\nb"), "data: a\ndata: b\n\n");
    EXPECT_EQ(encoded_data("a\n\rb"), "data: a\ndata: \ndata: b\n\n");
    EXPECT_EQ(encoded_data("a\r\r\nb"), "data: a\ndata: \ndata: b\n\n");
    EXPECT_EQ(encoded_data("a\n"), "data: a\ndata: \n\n");
    EXPECT_EQ(encoded_data("\r\n"), "data: \ndata: \n\n");
}

TEST(SseEncoder, DistinguishesEmptyDataFromNone) {
    EXPECT_EQ(encoded_data(""), "data: \n\n");
    EXPECT_EQ(encoded({.id = "7"}), "id: 7\n\n");
}

TEST(SseEncoder, LetsOtherBytesThroughAsTheyAre) {
    EXPECT_EQ(encoded_data(" two spaces"), "data:  two spaces\n\n");
    EXPECT_EQ(encoded_data("\0\x01\x0B\x7F"s), "data: \0\x01\x0B\x7F\n\n"s);
    EXPECT_EQ(encoded_data("\xE2\x80\xA8\xC2\x85"), "data: \xE2\x80\xA8\xC2\x85\n\n");
}

TEST(SseEncoder, WritesCommentsThatNoTextCanEnd) {
    EXPECT_EQ(encoded_comment("keep-alive-text"), ": keep-alive-text\n\n");
    EXPECT_EQ(encoded_comment("a\r\ndata: b\n\nc"), ": a\n: data: b\n: \n: c\n\n");
    EXPECT_EQ(encoded_comment(""), ": \n\n");
}

TEST(SseEncoder, WritesTheRetryTimeInMilliseconds) {
    EXPECT_EQ(encoded_retry(1500ms), "retry: 1500\n\n");
    EXPECT_EQ(encoded_retry(0ms), "retry: 0\n\n");
    EXPECT_EQ(encoded_retry(-5ms), "retry: 0\n\n");
}

TEST(SseEncoder, KnowsWhatMayStandInAField) {
    EXPECT_TRUE(is_valid_field("report_status_update"));
    EXPECT_TRUE(is_valid_field(" ~"));
    for (const std::string& bad : {""s, "a\nb"s, "a\rb"s, "a\0b"s, "a\tb"s, "\x7F"s, "\x1F"s,
                                   "\xD0\x96"s, "\xEF\xBB\xBF"s}) {
        EXPECT_FALSE(is_valid_field(bad)) << bad;
    }
}

TEST(SseEncoder, KnowsWhatMayBeAnId) {
    EXPECT_TRUE(is_valid_id("AZaz09._:-"));
    EXPECT_TRUE(is_valid_id(std::string(limits::kSseIdBytesMax, 'x')));
    for (const std::string& bad : {""s, std::string(limits::kSseIdBytesMax + 1, 'x'), "a b"s,
                                   "a,b"s, "a\nb"s, "a\rb"s, "a\0b"s, "a/b"s, "\xC3\xA9"s}) {
        EXPECT_FALSE(is_valid_id(bad)) << bad;
    }
}

#ifndef NDEBUG
TEST(SseEncoderDeathTest, CallsAnUncheckedFieldABug) {
    std::string out;
    EXPECT_DEATH(append_event(out, {.id = "a\ndata: x"}), "sse id not checked");
    EXPECT_DEATH(append_event(out, {.event = "a\ndata: x"}), "sse event name not checked");
}
#endif

// --- Whatever is published, a strict reader gets exactly that and nothing else. ---

/// What the reader must see of one published event.
struct Expected {
    std::string type;
    std::string data;
    std::string last_event_id;

    bool operator==(const Expected&) const = default;
};

/// Makes texts out of the pieces that break encoders.
class HostileTexts {
public:
    explicit HostileTexts(std::uint64_t seed) : random_(seed) {}

    std::string text() {
        static const std::vector<std::string> kPieces{"\r",
                                                      "\n",
                                                      "\r\n",
                                                      "\n\n",
                                                      "\r\r",
                                                      "\0"s,
                                                      "\x01",
                                                      "\x0B",
                                                      "\x1B",
                                                      "\x7F",
                                                      "\xEF\xBB\xBF",
                                                      "\xD0\x96",
                                                      "\xF0\x9F\x90\xBA",
                                                      "\xFF",
                                                      "\xC3",
                                                      "\xED\xA0\x80",
                                                      "\xE2\x80\xA8",
                                                      "\xC2\x85",
                                                      "data: ",
                                                      "data",
                                                      "id: 666",
                                                      "event: forged",
                                                      "retry: 1",
                                                      ":",
                                                      " ",
                                                      "a",
                                                      "{\"k\":1}",
                                                      "\t"};
        std::string out;
        for (std::uint64_t left = random_.below(9); left > 0; --left) {
            out += random_.below(4) == 0 ? std::string(1, static_cast<char>(random_.below(256)))
                                         : kPieces[random_.below(kPieces.size())];
        }
        return out;
    }

    /// A text that `is_valid` takes, or none.
    template <class Check>
    std::string checked(Check is_valid, std::string_view otherwise) {
        if (random_.below(3) == 0) {
            return {};
        }
        std::string candidate = text();
        if (is_valid(candidate)) {
            return candidate;
        }
        return std::string{otherwise} + std::to_string(random_.below(1000));
    }

    std::uint64_t below(std::uint64_t bound) { return random_.below(bound); }

private:
    SeededRandom random_;
};

/// Every CR, LF and CRLF becomes LF, byte by byte, unlike the encoder's way.
std::string with_unix_lines(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\n' && i > 0 && text[i - 1] == '\r') {
            continue;
        }
        out += text[i] == '\r' ? '\n' : text[i];
    }
    return out;
}

void read_all(Parser& parser, std::string_view piece, std::vector<Expected>& seen) {
    for (;;) {
        const auto event = parser.next(piece);
        ASSERT_TRUE(event.has_value());
        if (!*event) {
            return;
        }
        seen.push_back({std::string{(*event)->type}, std::string{(*event)->data},
                        std::string{(*event)->last_event_id}});
    }
}

// A stream of random events, comments and waits is read back, whole and cut at random places. The
// reader must see every event with its own name, id and text, and no event or field more: a forged
// field would change a name, an id, a text or the count.
TEST(SseEncoder, IsReadBackWithoutAChangeOrAnInjectedField) {
    constexpr std::uint64_t kSeed = 20'261'121;
    constexpr int kEvents = 100'000;
    constexpr auto kWait = 1500ms;
    SCOPED_TRACE(kSeed);
    HostileTexts texts{kSeed};
    Parser whole;
    Parser cut;
    std::vector<Expected> expected;
    std::vector<Expected> seen_whole;
    std::vector<Expected> seen_cut;
    std::string last_event_id;
    std::string stream;
    append_retry(stream, kWait);

    for (int i = 0; i < kEvents; ++i) {
        const std::string name = texts.checked(is_valid_field, "name-");
        const std::string id = texts.checked(is_valid_id, "e1.");
        const std::string data = texts.text();
        if (texts.below(8) == 0) {
            append_comment(stream, texts.text());
        }
        append_event(stream, {.event = name, .id = id, .data = data});
        last_event_id = id.empty() ? last_event_id : id;
        expected.push_back({name.empty() ? "message" : name, with_unix_lines(data), last_event_id});
    }
    read_all(whole, stream, seen_whole);
    for (std::string_view rest = stream; !rest.empty();) {
        const std::string_view piece = rest.substr(0, 1 + texts.below(40));
        // A copy of exactly this size, so that AddressSanitizer sees a read past the piece.
        const std::vector<char> exact{piece.begin(), piece.end()};
        read_all(cut, {exact.data(), exact.size()}, seen_cut);
        rest.remove_prefix(piece.size());
    }

    EXPECT_EQ(seen_whole.size(), expected.size());
    EXPECT_TRUE(seen_whole == expected);
    EXPECT_TRUE(seen_cut == expected);
    EXPECT_EQ(whole.retry(), kWait);
    EXPECT_EQ(cut.retry(), kWait);
}

}  // namespace
}  // namespace howl::codec::sse
