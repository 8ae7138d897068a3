// SPDX-License-Identifier: Apache-2.0
#include "hub/event.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "hub/content_fingerprint.hpp"
#include "hub/scripted_event_log_for_test.hpp"

namespace howl::hub {
namespace {

Errc refusal_of(const NewEvent& event) {
    return check_new_event(event).error().code;
}

TEST(NewEventCheck, TakesEverythingUpToItsLimit) {
    NewEvent event = new_event("a", std::string(limits::kEventBytesMax, 'x'),
                               std::string(limits::kIdempotencyKeyBytesMax, '~'));
    event.type = std::string(limits::kEventTypeBytesMax, '!');
    event.content_type = "text/" + std::string(limits::kContentTypeBytesMax - 5, 'x');
    EXPECT_TRUE(check_new_event(event));
    EXPECT_TRUE(check_new_event(new_event("a", "")));
    EXPECT_TRUE(check_new_event(new_event("a", "\xD0\x96\r\n\x00")));
}

TEST(NewEventCheck, RefusesAType) {
    for (const std::string& bad :
         {std::string(limits::kEventTypeBytesMax + 1, 'a'), std::string{"a b"}, std::string{"a\n"},
          std::string{"\xD0\x96"}, std::string{"\x7F"}, std::string("a\0", 2), std::string{"reset"},
          std::string{"open"}, std::string{"error"}}) {
        NewEvent event = new_event("a");
        event.type = bad;
        EXPECT_EQ(refusal_of(event), Errc::kInvalidEventType) << bad;
    }
    NewEvent event = new_event("a");
    event.type = "Reset";
    EXPECT_TRUE(check_new_event(event)) << "types are compared byte by byte";
}

TEST(NewEventCheck, RefusesAContentTypeAKeyAndData) {
    for (const std::string& bad :
         {std::string(200, 'a'), std::string{"a\r\nX: y"}, std::string{"\x80"}}) {
        NewEvent event = new_event("a");
        event.content_type = bad;
        EXPECT_EQ(refusal_of(event), Errc::kInvalidContentType);
        EXPECT_EQ(refusal_of(new_event("a", "x", bad)), Errc::kInvalidIdempotencyKey);
    }
    EXPECT_EQ(refusal_of(new_event("a", std::string(limits::kEventBytesMax + 1, 'x'))),
              Errc::kBodyTooLarge);
    EXPECT_EQ(refusal_of(new_event("a", "\xC0\x80")), Errc::kInvalidUtf8);
    EXPECT_EQ(refusal_of(new_event("a", "\xD0")), Errc::kInvalidUtf8);
}

TEST(NewEventCheck, AContentTypeIsAMediaType) {
    NewEvent event = new_event("a");
    for (const char* good : {"", "text/plain", "text/plain; charset=utf-8", "a/b;c"}) {
        event.content_type = good;
        EXPECT_TRUE(check_new_event(event)) << good;
    }
    for (const char* bad :
         {"text", "/plain", "text/", "text/;x", "not a media type", "te xt/plain"}) {
        event.content_type = bad;
        EXPECT_EQ(refusal_of(event), Errc::kInvalidContentType) << bad;
    }
}

TEST(ContentFingerprint, TellsFieldsApartThatRunTogether) {
    NewEvent left = new_event("a", "c");
    left.type = "ab";
    NewEvent right = new_event("a", "bc");
    right.type = "a";
    EXPECT_NE(fingerprint_of(left), fingerprint_of(right));
    left.idempotency_key = "key";
    EXPECT_EQ(fingerprint_of(left), fingerprint_of([&] {
                  NewEvent other = left;
                  other.idempotency_key = "other";
                  other.topic = topic("b");
                  return other;
              }()));
}

// Files of earlier versions hold these bytes.
TEST(ContentFingerprint, StaysWhatItWas) {
    NewEvent event = new_event("a", "hello");
    event.type = "message";
    event.content_type = "text/plain";
    const ContentFingerprint expected = {0x86, 0xc1, 0xee, 0x4d, 0x83, 0xfd, 0x2a, 0xc2,
                                         0x96, 0x1c, 0x14, 0x0b, 0xfb, 0x80, 0x62, 0x22,
                                         0x4a, 0xb8, 0x08, 0xc7, 0xbc, 0xef, 0x23, 0x8f,
                                         0xf8, 0xc9, 0xad, 0xd5, 0x4b, 0x0b, 0x46, 0xe9};
    EXPECT_EQ(fingerprint_of(event), expected);
}

}  // namespace
}  // namespace howl::hub
