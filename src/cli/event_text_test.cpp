// SPDX-License-Identifier: Apache-2.0
#include "cli/event_text.hpp"

#include <gtest/gtest.h>

namespace howl::cli {
namespace {

boost::json::object event_with(std::string_view data) {
    return {{"topic", "news"}, {"time", "2026-11-30T20:00:00.000Z"}, {"data", data}};
}

std::string text_of(std::string_view data) {
    return event_text(event_with(data), EventForm::kText);
}

TEST(EventText, OneEventIsOneLine) {
    EXPECT_EQ(text_of("hello"), "2026-11-30T20:00:00.000Z  news  hello\n");
    EXPECT_EQ(text_of(""), "2026-11-30T20:00:00.000Z  news  \n");
}

TEST(EventText, NoDataCanForgeAnEvent) {
    EXPECT_EQ(text_of("a\n2026-11-30T21:00:00.000Z  bank  forged\n"),
              "2026-11-30T20:00:00.000Z  news  a\n"
              "    2026-11-30T21:00:00.000Z  bank  forged\n"
              "    \n");
}

TEST(EventText, JsonIsTheEnvelopeOnOneLine) {
    EXPECT_EQ(event_text(event_with("a\nb"), EventForm::kJson),
              R"({"topic":"news","time":"2026-11-30T20:00:00.000Z","data":"a\nb"})"
              "\n");
}

}  // namespace
}  // namespace howl::cli
