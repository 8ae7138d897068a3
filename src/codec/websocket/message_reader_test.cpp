// SPDX-License-Identifier: Apache-2.0
#include "codec/websocket/message_reader.hpp"

#include <array>
#include <sys/resource.h>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>
#include <zlib.h>

#include "codec/websocket/deflate.hpp"

namespace howl::codec::websocket {
namespace {

static_assert(std::is_nothrow_move_constructible_v<MessageReader>);
static_assert(!std::is_convertible_v<Role, MessageReader>);

using Transcript = std::vector<std::string>;

/// The bytes that `digits` spell; everything between quotes ' ' stands for itself.
std::string hex(std::string_view digits) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string bytes;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (digits[i] == '\'') {
            for (++i; digits[i] != '\''; ++i) {
                bytes += digits[i];
            }
        } else if (digits[i] != ' ') {
            const auto high = kDigits.find(digits[i]);
            const auto low = kDigits.find(digits.at(++i));
            EXPECT_TRUE(high < 16 && low < 16) << digits;
            bytes += static_cast<char>(high * 16 + low);
        }
    }
    return bytes;
}

/// Records what it is given, and answers `kNo` after `items_max` items.
class RecordingSink final : public MessageSink {
public:
    explicit RecordingSink(std::size_t items_max = 1'000'000) : items_max_(items_max) {}

    Continue on_message(MessageKind kind, std::string_view payload) override {
        view = payload;
        return note(kind == MessageKind::kText ? "text " : "binary ", payload);
    }
    Continue on_ping(std::string_view payload) override { return note("ping ", payload); }
    Continue on_pong(std::string_view payload) override { return note("pong ", payload); }
    void on_close(std::uint16_t code, std::string_view reason) override {
        static_cast<void>(note("close " + std::to_string(code) + ' ', reason));
    }

    Transcript transcript;
    std::string_view view;  ///< Of the last message; only its address is compared.

private:
    Continue note(std::string line, std::string_view payload) {
        line += payload;
        transcript.push_back(std::move(line));
        return transcript.size() < items_max_ ? Continue::kYes : Continue::kNo;
    }

    std::size_t items_max_;
};

enum class Deflate : std::uint8_t { kOff, kOn };

struct ReaderSetup {
    Role role = Role::kServer;
    Deflate deflate = Deflate::kOff;
    ReaderLimits limits{};
};

Inflater& shared_inflater() {
    static Inflater inflater;
    return inflater;
}

/// Feeds `pieces` one after the other; an error becomes the transcript's last line.
Transcript read_pieces(const ReaderSetup& setup, std::vector<std::string> pieces) {
    RecordingSink sink;
    MessageReader reader{setup.role, setup.limits,
                         setup.deflate == Deflate::kOn ? &shared_inflater() : nullptr};
    for (std::string& piece : pieces) {
        if (const auto result = reader.feed(piece, sink); !result) {
            sink.transcript.push_back("error " + std::to_string(result.error().entry().close_code));
            EXPECT_EQ(reader.buffered_bytes(), 0U);
        }
    }
    return sink.transcript;
}

std::vector<std::string> split_bytewise(const std::string& bytes) {
    std::vector<std::string> pieces;
    for (const char byte : bytes) {
        pieces.emplace_back(1, byte);
    }
    return pieces;
}

/// The transcript of `bytes`, which must be the same wherever the network cuts them.
void expect_read(std::string_view name, const ReaderSetup& setup, const std::string& bytes,
                 const Transcript& expected) {
    EXPECT_EQ(read_pieces(setup, {bytes}), expected) << name;
    EXPECT_EQ(read_pieces(setup, split_bytewise(bytes)), expected) << name << ", byte by byte";
    const std::size_t stride = 1 + bytes.size() / 500;
    for (std::size_t cut = 0; cut <= bytes.size(); cut += stride) {
        EXPECT_EQ(read_pieces(setup, {bytes.substr(0, cut), bytes.substr(cut)}), expected)
            << name << ", cut after byte " << cut;
    }
}

struct Case {
    std::string_view name;
    std::string bytes;  ///< For `hex`.
    Transcript expected;
};

void expect_all(const ReaderSetup& setup, const std::vector<Case>& cases) {
    for (const auto& [name, bytes, expected] : cases) {
        expect_read(name, setup, hex(bytes), expected);
    }
}

// --- Frames. Most have the mask key 00000000, so that their payload can be read. ---

TEST(MessageReader, ReadsTheExamplesOfRfc6455Section57) {
    expect_all({Role::kClient},
               {
                   {"unmasked text", "81 05 48 65 6c 6c 6f", {"text Hello"}},
                   {"fragmented text", "01 03 48 65 6c 80 02 6c 6f", {"text Hello"}},
                   {"unmasked ping", "89 05 48 65 6c 6c 6f", {"ping Hello"}},
               });
    expect_all({Role::kServer},
               {
                   {"masked text", "81 85 37 fa 21 3d 7f 9f 4d 51 58", {"text Hello"}},
                   {"masked pong", "8a 85 37 fa 21 3d 7f 9f 4d 51 58", {"pong Hello"}},
               });
    expect_read("256 bytes", {Role::kClient}, hex("82 7e 01 00") + std::string(256, 'b'),
                {"binary " + std::string(256, 'b')});
    expect_read("64 KiB", {Role::kClient},
                hex("82 7f 00 00 00 00 00 01 00 00") + std::string(65536, 'b'),
                {"binary " + std::string(65536, 'b')});
}

TEST(MessageReader, ReadsEveryLengthAtTheBorders) {
    for (const std::size_t size : {0U, 1U, 7U, 8U, 9U, 124U, 125U, 126U, 127U, 128U, 65535U}) {
        const std::string payload(size, 'x');
        expect_read("length " + std::to_string(size), {},
                    encode_masked_frame({1, 2, 3, 4}, Opcode::kText, payload), {"text " + payload});
    }
}

TEST(MessageReader, ReadsWholeMessages) {
    expect_all({},
               {
                   {"nothing", "", {}},
                   {"empty text", "81 80 00000000", {"text "}},
                   {"empty binary", "82 80 00000000", {"binary "}},
                   {"binary may be anything", "82 82 00000000 ff fe", {"binary \xff\xfe"}},
                   {"zero bytes", "82 81 00000000 00", {std::string("binary \0", 8)}},
                   {"two messages", "81 81 00000000 'a' 81 81 00000000 'b'", {"text a", "text b"}},
                   {"the mask of each frame is its own",
                    "81 81 01010101 60 81 81 02020202 60",
                    {"text a", "text b"}},
                   {"empty ping", "89 80 00000000", {"ping "}},
                   {"empty pong", "8a 80 00000000", {"pong "}},
                   {"pong nobody asked for",
                    "8a 81 00000000 'p' 81 81 00000000 'a'",
                    {"pong p", "text a"}},
                   {"incomplete header", "81 fe 00", {}},
                   {"incomplete payload", "81 85 00000000 'Hell'", {}},
               });
    expect_read("ping of 125 bytes", {}, hex("89 fd 00000000") + std::string(125, 'p'),
                {"ping " + std::string(125, 'p')});
}

TEST(MessageReader, JoinsFragments) {
    expect_all({}, {
                       {"two", "01 81 00000000 'a' 80 81 00000000 'b'", {"text ab"}},
                       {"three, with masks",
                        "02 82 01020304 60 60 00 81 05050505 66 80 81 09090909 6d",
                        {"binary abcd"}},
                       {"empty first", "01 80 00000000 80 81 00000000 'b'", {"text b"}},
                       {"empty last", "01 81 00000000 'a' 80 80 00000000", {"text a"}},
                       {"all empty", "01 80 00000000 00 80 00000000 80 80 00000000", {"text "}},
                       {"ping between",
                        "01 81 00000000 'a' 89 81 00000000 'p' 80 81 00000000 'b'",
                        {"ping p", "text ab"}},
                       {"pong and ping between",
                        "01 81 00000000 'a' 8a 80 00000000 89 82 00000000 'pq' 80 81 00000000 'b'",
                        {"pong ", "ping pq", "text ab"}},
                       {"close between",
                        "01 81 00000000 'a' 88 82 00000000 03e8 80 81 00000000 'b'",
                        {"close 1000 "}},
                       {"a message after",
                        "01 81 00000000 'a' 80 81 00000000 'b' 81 81 00000000 'c'",
                        {"text ab", "text c"}},
                       {"a fragment without end", "01 81 00000000 'a'", {}},
                   });
}

TEST(MessageReader, RefusesReservedBitsAndOpcodes) {
    for (const std::string_view start :
         {"91", "a1", "b1", "c1", "d1", "e1", "f1", "c2", "c8", "c9", "ca", "a9", "98",
          "83", "84", "85", "86", "87", "8b", "8c", "8d", "8e", "8f", "03", "0b"}) {
        expect_read(start, {}, hex(std::string(start) + "80 00000000"), {"error 1002"});
        expect_read(start, {}, hex("81 81 00000000 'a'" + std::string(start) + "80 00000000"),
                    {"text a", "error 1002"});
    }
}

TEST(MessageReader, RefusesBrokenFrames) {
    expect_all(
        {}, {
                {"unmasked text", "81 01 'a'", {"error 1002"}},
                {"unmasked empty ping", "89 00", {"error 1002"}},
                {"7 bits in 16", "82 fe 007d 00000000", {"error 1002"}},
                {"zero in 16", "82 fe 0000 00000000", {"error 1002"}},
                {"16 bits in 64", "82 ff 000000000000ffff 00000000", {"error 1002"}},
                {"7 bits in 64", "82 ff 0000000000000001 00000000", {"error 1002"}},
                {"top bit of 64", "82 ff 8000000000000000 00000000", {"error 1002"}},
                {"all bits of 64", "82 ff ffffffffffffffff 00000000", {"error 1002"}},
                {"fragmented ping", "09 80 00000000", {"error 1002"}},
                {"fragmented pong", "0a 80 00000000", {"error 1002"}},
                {"fragmented close", "08 80 00000000", {"error 1002"}},
                {"ping of 126 bytes", "89 fe 007e 00000000", {"error 1002"}},
                {"pong of 126 bytes", "8a fe 007e 00000000", {"error 1002"}},
                {"close of 126 bytes", "88 fe 007e 00000000", {"error 1002"}},
                {"ping of 2^16 bytes", "89 ff 0000000000010000 00000000", {"error 1002"}},
                {"stray continuation", "00 80 00000000", {"error 1002"}},
                {"stray last continuation", "80 81 00000000 'a'", {"error 1002"}},
                {"stray continuation after a message",
                 "81 81 00000000 'a' 80 80 00000000",
                 {"text a", "error 1002"}},
                {"text inside a text", "01 81 00000000 'a' 81 81 00000000 'b'", {"error 1002"}},
                {"binary inside a text", "01 81 00000000 'a' 02 81 00000000 'b'", {"error 1002"}},
                {"nothing after an error", "83 80 00000000 81 81 00000000 'a'", {"error 1002"}},
            });
    expect_all({Role::kClient}, {
                                    {"masked text", "81 81 00000000 'a'", {"error 1002"}},
                                    {"masked ping", "89 80 00000000", {"error 1002"}},
                                });
}

// --- UTF-8 (the groups of Autobahn's section 6) ---

TEST(MessageReader, TakesTextThatIsUtf8WhereverItIsCut) {
    const std::string wolf = hex("f0 9f 90 ba");
    expect_all({}, {
                       {"kosme",
                        "81 8b 00000000 ce ba e1 bd b9 cf 83 ce bc ce b5",
                        {"text " + hex("ce ba e1 bd b9 cf 83 ce bc ce b5")}},
                       {"a code point in two frames",
                        "01 82 00000000 f0 9f 80 82 00000000 90 ba",
                        {"text " + wolf}},
                       {"with an empty frame inside",
                        "01 82 00000000 f0 9f 00 80 00000000 80 82 00000000 90 ba",
                        {"text " + wolf}},
                       {"with a ping inside",
                        "01 82 00000000 f0 9f 89 81 00000000 ff 80 82 00000000 90 ba",
                        {"ping \xff", "text " + wolf}},
                       {"U+0000", "81 81 00000000 00", {std::string("text \0", 6)}},
                       {"U+10FFFF", "81 84 00000000 f4 8f bf bf", {"text \xf4\x8f\xbf\xbf"}},
                       {"U+D7FF", "81 83 00000000 ed 9f bf", {"text \xed\x9f\xbf"}},
                       {"U+E000", "81 83 00000000 ee 80 80", {"text \xee\x80\x80"}},
                   });
}

TEST(MessageReader, RefusesTextThatIsNotUtf8) {
    expect_all(
        {},
        {
            {"lone continuation", "81 81 00000000 80", {"error 1007"}},
            {"never a byte of UTF-8", "81 81 00000000 ff", {"error 1007"}},
            {"overlong slash", "81 82 00000000 c0 af", {"error 1007"}},
            {"overlong in three", "81 83 00000000 e0 80 af", {"error 1007"}},
            {"overlong in four", "81 84 00000000 f0 80 80 af", {"error 1007"}},
            {"surrogate", "81 83 00000000 ed a0 80", {"error 1007"}},
            {"above U+10FFFF", "81 84 00000000 f4 90 80 80", {"error 1007"}},
            {"five bytes", "81 85 00000000 f8 88 80 80 80", {"error 1007"}},
            {"ends inside a code point", "81 83 00000000 'a' f0 9f", {"error 1007"}},
            {"ends inside one, in a fragment of its own",
             "01 82 00000000 f0 9f 80 80 00000000",
             {"error 1007"}},
            {"bad in the second frame", "01 82 00000000 f0 9f 80 81 00000000 'a'", {"error 1007"}},
            {"the state does not leak into the next",
             "81 81 00000000 'a' 81 81 00000000 80",
             {"text a", "error 1007"}},
        });
}

TEST(MessageReader, FailsAtTheFirstBadByteOfAFrameThatHasOnlyBegun) {
    RecordingSink sink;
    MessageReader reader{Role::kServer};
    std::string begun = hex("81 fe 1000 00000000 'wolf' f4");
    EXPECT_TRUE(reader.feed(begun, sink));
    EXPECT_EQ(reader.buffered_bytes(), 5U);
    std::string bad = hex("90");
    EXPECT_EQ(reader.feed(bad, sink).error().code, Errc::kInvalidUtf8);
    EXPECT_EQ(reader.buffered_bytes(), 0U);
}

// --- Close ---

TEST(MessageReader, DeliversTheCloseAndNothingAfterIt) {
    expect_all({}, {
                       {"no code", "88 80 00000000", {"close 1005 "}},
                       {"1000", "88 82 00000000 03e8", {"close 1000 "}},
                       {"1003", "88 82 00000000 03eb", {"close 1003 "}},
                       {"1007", "88 82 00000000 03ef", {"close 1007 "}},
                       {"1012", "88 82 00000000 03f4", {"close 1012 "}},
                       {"1014", "88 82 00000000 03f6", {"close 1014 "}},
                       {"3000", "88 82 00000000 0bb8", {"close 3000 "}},
                       {"4999", "88 82 00000000 1387", {"close 4999 "}},
                       {"masked, with a reason", "88 85 01020304 02ea 'a|e'", {"close 1000 bxd"}},
                       {"UTF-8 reason", "88 84 00000000 03e8 c3 a9", {"close 1000 \xc3\xa9"}},
                       {"text after", "88 80 00000000 81 81 00000000 'a'", {"close 1005 "}},
                       {"a second close", "88 80 00000000 88 82 00000000 03e8", {"close 1005 "}},
                       {"garbage after", "88 80 00000000 ff ff ff ff", {"close 1005 "}},
                   });
    expect_read("longest reason", {}, hex("88 fd 00000000 03e8") + std::string(123, 'r'),
                {"close 1000 " + std::string(123, 'r')});
}

TEST(MessageReader, RefusesBrokenCloseFrames) {
    // 0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535
    for (const std::string_view code : {"0000", "03e7", "03ec", "03ed", "03ee", "03f7", "03f8",
                                        "044c", "07d0", "0bb7", "1388", "ffff"}) {
        expect_read(code, {}, hex("88 82 00000000" + std::string(code)), {"error 1002"});
    }
    expect_all({},
               {
                   {"half a code", "88 81 00000000 03", {"error 1002"}},
                   {"bad reason", "88 83 00000000 03e8 ff", {"error 1007"}},
                   {"reason ends inside a code point", "88 84 00000000 03e8 f0 9f", {"error 1007"}},
               });
}

// --- Limits ---

TEST(MessageReader, KnowsFromTheHeaderThatAMessageIsTooBig) {
    const ReaderSetup setup{.limits = {.message_bytes_max = 200}};
    const std::string full(200, 'x');
    expect_read("as big as allowed", setup, hex("81 fe 00c8 00000000") + full, {"text " + full});
    expect_all(setup, {
                          {"one more", "81 fe 00c9", {"error 1009"}},
                          {"2^62", "82 ff 4000000000000000", {"error 1009"}},
                          {"2^63 - 1", "82 ff 7fffffffffffffff", {"error 1009"}},
                      });
    const std::string half = hex("01 fe 0080 00000000") + std::string(128, 'x');
    expect_read("fragments as big as allowed together", setup,
                half + hex("80 c8 00000000") + std::string(72, 'x'), {"text " + full});
    expect_read("one more together", setup, half + hex("80 c9"), {"error 1009"});
    expect_read("a sum that would overflow", setup, half + hex("80 ff 7fffffffffffffff"),
                {"error 1009"});
    expect_read("the next message starts from zero", setup,
                hex("81 fe 00c8 00000000") + full + hex("81 fe 00c8 00000000") + full,
                {"text " + full, "text " + full});
    expect_read("the least limit", {.limits = {.message_bytes_max = 0}},
                hex("81 80 00000000 81 81"), {"text ", "error 1009"});
}

TEST(MessageReader, TakesTheDefaultLimitsFromTheTable) {
    expect_read("one byte over 64 KiB", {}, hex("82 ff 0000000000010001"), {"error 1009"});
    std::string fragments = hex("01 80 00000000");
    for (int i = 0; i < 62; ++i) {
        fragments += hex("00 80 00000000");
    }
    expect_read("64 fragments", {}, fragments + hex("80 80 00000000"), {"text "});
    expect_read("65 fragments", {}, fragments + hex("00 80 00000000 80 80 00000000"),
                {"error 1008"});
}

TEST(MessageReader, CountsEmptyFragmentsButNotControlFrames) {
    const ReaderSetup setup{.limits = {.fragments_max = 3}};
    const std::string two = "02 80 00000000 00 80 00000000 ";
    const std::string pings = "89 80 00000000 89 80 00000000 ";
    expect_all(setup,
               {
                   {"three", two + "80 80 00000000", {"binary "}},
                   {"four", two + "00 80 00000000 80 80 00000000", {"error 1008"}},
                   {"pings between", two + pings + "80 80 00000000", {"ping ", "ping ", "binary "}},
                   {"and again three",
                    two + "80 80 00000000" + two + "80 80 00000000",
                    {"binary ", "binary "}},
               });
}

// --- Memory and calls ---

TEST(MessageReader, HandsOverAWholeMessageWithoutCopyingIt) {
    RecordingSink sink;
    MessageReader reader{Role::kServer};
    std::string bytes = hex("81 85 37 fa 21 3d 7f 9f 4d 51 58");
    EXPECT_TRUE(reader.feed(bytes, sink));
    EXPECT_EQ(sink.view.data(), bytes.data() + 6);
    EXPECT_EQ(bytes.substr(6), "Hello");
}

TEST(MessageReader, HoldsOnlyWhatIsIncompleteAndGivesItBack) {
    RecordingSink sink;
    MessageReader reader{Role::kServer};
    const auto feed = [&](std::string_view digits) {
        std::string bytes = hex(digits);
        EXPECT_TRUE(reader.feed(bytes, sink));
        return reader.buffered_bytes();
    };
    EXPECT_EQ(feed("81"), 0U);
    EXPECT_FALSE(reader.inside_message());
    EXPECT_EQ(feed("84 00000000"), 0U);
    EXPECT_TRUE(reader.inside_message());
    EXPECT_EQ(feed("'how'"), 3U);
    EXPECT_EQ(feed("'l'"), 0U);
    EXPECT_FALSE(reader.inside_message());
    EXPECT_EQ(feed("89 82 00000000 'p'"), 1U);
    EXPECT_FALSE(reader.inside_message());
    EXPECT_EQ(feed("'q' 01 81 00000000 'a'"), 1U);
    EXPECT_TRUE(reader.inside_message());
    EXPECT_EQ(feed("89 82 00000000 'r'"), 2U);
    EXPECT_EQ(feed("'s'"), 1U);
    EXPECT_TRUE(reader.inside_message());
    EXPECT_EQ(feed("80 81 00000000 'b'"), 0U);
    EXPECT_FALSE(reader.inside_message());
    EXPECT_EQ(sink.transcript, (Transcript{"text howl", "ping pq", "ping rs", "text ab"}));
}

TEST(MessageReader, StopsWhenTheSinkAnswersNo) {
    for (const std::string_view first :
         {"81 81 00000000 'a'", "82 80 00000000", "89 80 00000000", "8a 80 00000000",
          "01 80 00000000 89 80 00000000", "01 81 00000000 'a' 80 81 00000000 'b'"}) {
        RecordingSink sink{1};
        MessageReader reader{Role::kServer};
        std::string bytes = hex(std::string(first) + "89 80 00000000 ff ff");
        EXPECT_TRUE(reader.feed(bytes, sink)) << first;
        std::string more = hex("81 81 00000000 'a'");
        EXPECT_TRUE(reader.feed(more, sink)) << first;
        EXPECT_EQ(sink.transcript.size(), 1U) << first;
        EXPECT_FALSE(reader.inside_message());
        EXPECT_EQ(reader.buffered_bytes(), 0U);
    }
}

// --- permessage-deflate ---

constexpr ReaderSetup kDeflating{.deflate = Deflate::kOn};

TEST(MessageReader, ReadsTheExamplesOfRfc7692Section723) {
    expect_all(
        {Role::kClient, Deflate::kOn},
        {
            {"7.2.3.1 one block", "c1 07 f2 48 cd c9 c9 07 00", {"text Hello"}},
            {"7.2.3.1 fragmented", "41 03 f2 48 cd 80 04 c9 c9 07 00", {"text Hello"}},
            {"7.2.3.2 the second message without takeover",
             "c1 07 f2 48 cd c9 c9 07 00 c1 07 f2 48 cd c9 c9 07 00",
             {"text Hello", "text Hello"}},
            {"7.2.3.3 no compression", "c1 0b 00 05 00 fa ff 48 65 6c 6c 6f 00", {"text Hello"}},
            {"7.2.3.4 final block", "c1 08 f3 48 cd c9 c9 07 00 00", {"text Hello"}},
            {"7.2.3.5 two blocks", "c1 0d f2 48 05 00 00 00 ff ff ca c9 c9 07 00", {"text Hello"}},
            {"7.2.3.6 empty", "c1 01 00", {"text "}},
        });
    // The example of context takeover refers to a message that we no longer have.
    expect_read("7.2.3.2 with takeover", {Role::kClient, Deflate::kOn},
                hex("c1 07 f2 48 cd c9 c9 07 00 c1 05 f2 00 11 00 00"),
                {"text Hello", "error 1007"});
}

TEST(MessageReader, ReadsCompressedMessages) {
    expect_all(kDeflating,
               {
                   {"masked", "c1 87 ffffffff 0d b7 32 36 36 f8 ff", {"text Hello"}},
                   {"compressed binary", "c2 87 00000000 f2 48 cd c9 c9 07 00", {"binary Hello"}},
                   {"plain beside compressed",
                    "81 81 00000000 'a' c1 87 00000000 f2 48 cd c9 c9 07 00 81 81 00000000 'b'",
                    {"text a", "text Hello", "text b"}},
                   {"ping between",
                    "41 83 00000000 f2 48 cd 89 80 00000000 80 84 00000000 c9 c9 07 00",
                    {"ping ", "text Hello"}},
                   {"no bytes at all", "c1 80 00000000", {"text "}},
                   {"fragments without bytes", "41 80 00000000 80 80 00000000", {"text "}},
                   {"final block with nothing behind",
                    "c1 87 00000000 f3 48 cd c9 c9 07 00",
                    {"text Hello"}},
                   {"two final blocks",
                    "c1 8e 00000000 f3 48 cd c9 c9 07 00 f3 48 cd c9 c9 07 00",
                    {"text HelloHello"}},
                   {"final block, then a plain one",
                    "c1 8e 00000000 f3 48 cd c9 c9 07 00 f2 48 cd c9 c9 07 00",
                    {"text HelloHello"}},
                   {"invalid UTF-8 only while compressed",
                    "c2 87 00000000 f2 48 cd c9 c9 07 00",
                    {"binary Hello"}},
               });
}

TEST(MessageReader, RefusesMisusedCompression) {
    expect_all(
        kDeflating,
        {
            {"ping", "c9 80 00000000", {"error 1002"}},
            {"pong", "ca 80 00000000", {"error 1002"}},
            {"close", "c8 80 00000000", {"error 1002"}},
            {"continuation", "41 81 00000000 f2 c0 80 00000000", {"error 1002"}},
            {"continuation of a plain message",
             "01 81 00000000 'a' c0 80 00000000",
             {"error 1002"}},
            {"other reserved bits", "e1 80 00000000", {"error 1002"}},
            {"reserved block type", "c1 81 00000000 06", {"error 1007"}},
            {"garbage", "c1 84 00000000 ff ff ff ff", {"error 1007"}},
            {"text that was not compressed", "c1 85 00000000 'Hello'", {"error 1007"}},
            {"cut inside a symbol", "c1 83 00000000 f2 48 cd", {"error 1007"}},
            {"cut inside a stored block", "c1 87 00000000 00 05 00 fa ff 48 65", {"error 1007"}},
            {"stored length that disagrees", "c1 86 00000000 00 05 00 fa fe 48", {"error 1007"}},
            {"invalid UTF-8 inside", "c1 87 00000000 00 01 00 fe ff ff 00", {"error 1007"}},
            {"cut code point inside", "c1 88 00000000 00 02 00 fd ff c3 00 00", {"error 1007"}},
        });
    expect_read("invalid UTF-8 is binary", kDeflating, hex("c2 87 00000000 00 01 00 fe ff ff 00"),
                {"binary \xff"});
    expect_read("not negotiated", {}, hex("c1 87 00000000 f2 48 cd c9 c9 07 00"), {"error 1002"});
}

TEST(MessageReader, LimitsWhatItInflates) {
    Deflater deflater;
    const ReaderSetup setup{.deflate = Deflate::kOn, .limits = {.message_bytes_max = 1000}};
    const auto frame = [&](std::size_t size) {
        return encode_masked_frame({9, 8, 7, 6}, Opcode::kText,
                                   deflater.compress(std::string(size, 'x')), Rsv1::kSet);
    };
    expect_read("as big as allowed", setup, frame(1000), {"text " + std::string(1000, 'x')});
    expect_read("one more", setup, frame(1001), {"error 1009"});
    expect_read("compressed form too big already", setup, hex("c1 fe 04ff"), {"error 1009"});
}

TEST(MessageReader, TakesAMessageOfFullSizeThatCannotBeCompressed) {
    std::string noise(limits::kWsMessageBytesMax, '\0');
    std::uint32_t state = 1;
    for (char& byte : noise) {
        state = state * 1664525U + 1013904223U;
        byte = static_cast<char>(state >> 24U);
    }
    Deflater deflater;
    std::string frame =
        encode_masked_frame({9, 8, 7, 6}, Opcode::kBinary, deflater.compress(noise), Rsv1::kSet);
    EXPECT_GT(frame.size(), noise.size());
    EXPECT_EQ(read_pieces(kDeflating, {frame}), (Transcript{"binary " + noise}));
}

/// Zeros compressed a thousandfold, without ever holding them: the peak of memory is measured.
std::string bomb_of(std::size_t chunks_of_16_kib) {
    z_stream stream{};
    EXPECT_EQ(deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY),
              Z_OK);
    std::array<Bytef, 16 * 1024> zeros{};
    std::array<Bytef, 16 * 1024> out{};
    std::string bomb;
    for (std::size_t i = 0; i < chunks_of_16_kib; ++i) {
        stream.next_in = zeros.data();
        stream.avail_in = zeros.size();
        stream.next_out = out.data();
        stream.avail_out = out.size();
        EXPECT_EQ(deflate(&stream, Z_NO_FLUSH), Z_OK);
        bomb.append(out.begin(), out.end() - stream.avail_out);
    }
    deflateEnd(&stream);
    return bomb;
}

long resident_kib_max() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

TEST(MessageReader, StopsABombAtTheLimit) {
    // 64 MiB in 64 KiB, in a frame of its own.
    const std::string bomb = bomb_of(4096);
    EXPECT_GT(bomb.size(), 50'000U);
    std::string bytes = encode_masked_frame({1, 2, 3, 4}, Opcode::kBinary, bomb, Rsv1::kSet);
    RecordingSink sink;
    MessageReader reader{Role::kServer, {}, &shared_inflater()};
    const long before_kib = resident_kib_max();
    EXPECT_EQ(reader.feed(bytes, sink).error().code, Errc::kMessageTooBig);
    EXPECT_LE(resident_kib_max() - before_kib, 1024);
    EXPECT_EQ(sink.transcript, Transcript{});
}

TEST(MessageReader, SharesOneInflaterBetweenReadersThatTakeTurns) {
    RecordingSink sink;
    MessageReader one{Role::kServer, {}, &shared_inflater()};
    MessageReader two{Role::kServer, {}, &shared_inflater()};
    std::string first = hex("41 83 00000000 f2 48 cd");
    std::string bad = hex("c1 84 00000000 ff ff ff ff");
    std::string rest = hex("80 84 00000000 c9 c9 07 00");
    EXPECT_TRUE(one.feed(first, sink));
    EXPECT_FALSE(two.feed(bad, sink));
    EXPECT_TRUE(one.feed(rest, sink));
    EXPECT_EQ(sink.transcript, Transcript{"text Hello"});
}

TEST(MessageReader, ReadsWhatTheFrameWriterWrites) {
    for (const Role reader_role : {Role::kServer, Role::kClient}) {
        std::string bytes;
        const auto write = [&](Opcode opcode, std::string_view payload, Fin fin = Fin::kYes) {
            if (reader_role == Role::kServer) {
                append_masked_frame(bytes, {0xDE, 0xAD, 0xBE, 0xEF}, opcode, payload, Rsv1::kClear,
                                    fin);
            } else {
                append_frame(bytes, opcode, payload, Rsv1::kClear, fin);
            }
        };
        write(Opcode::kText, "one");
        write(Opcode::kBinary, "two and ", Fin::kNo);
        write(Opcode::kPing, "now");
        write(Opcode::kContinuation, "three");
        write(Opcode::kClose, close_payload(1001, "home"));
        expect_read("round trip", {reader_role}, bytes,
                    {"text one", "ping now", "binary two and three", "close 1001 home"});
    }
}

}  // namespace
}  // namespace howl::codec::websocket
