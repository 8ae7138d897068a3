// SPDX-License-Identifier: Apache-2.0
#include "compat/reports/wanted_move.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace howl::compat::reports {
namespace {

const std::string kId = "0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9";

std::string refusal_of(std::string_view text) {
    const auto wanted = WantedMove::parse(text);
    return wanted ? "none"
                  : fmt::format("{}: {}", wanted.error().entry().name, wanted.error().detail);
}

TEST(WantedMove, IsReadAsTheScriptAndTheConsoleWriteIt) {
    const WantedMove queued{kId, Status::kQueued};
    EXPECT_EQ(
        WantedMove::parse(R"({"id":"0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9", "status":"queued"})"),
        queued);
    EXPECT_EQ(WantedMove::parse(
                  R"({"status":"queued","more":[],"id":"0A1B2C3D4E5F40718293A4B5C6D7E8F9"})"),
              queued);
    EXPECT_EQ(queued.text(), R"({"id":"0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9","status":"queued"})");
    EXPECT_EQ(WantedMove::parse(queued.text()), queued);
    EXPECT_EQ(queued.key(), "\x0a\x1b\x2c\x3d\x4e\x5f\x40\x71\x82\x93\xa4\xb5\xc6\xd7\xe8\xf9");
}

TEST(WantedMove, TellsNoJsonFromJsonThatSaysSomethingElse) {
    EXPECT_EQ(refusal_of("{").substr(0, 13), "invalid_json:");
    EXPECT_EQ(refusal_of("").substr(0, 13), "invalid_json:");
    EXPECT_EQ(refusal_of("\xff").substr(0, 13), "invalid_json:");
    EXPECT_EQ(refusal_of("[]"), "bad_request: not a JSON object");
    EXPECT_EQ(refusal_of(R"({"status":"queued"})"), "bad_request: id: it is a UUID");
    EXPECT_EQ(refusal_of(R"({"id":"7","status":"queued"})"), "bad_request: id: it is a UUID");
    EXPECT_EQ(refusal_of(R"({"id":7,"status":"queued"})"), "bad_request: id: it is a UUID");
    const auto words =
        "bad_request: status: it is one of pending, queued, processing, canceled, failed, "
        "completed";
    EXPECT_EQ(refusal_of(fmt::format(R"({{"id":"{}"}})", kId)), words);
    EXPECT_EQ(refusal_of(fmt::format(R"({{"id":"{}","status":"Queued"}})", kId)), words);
    EXPECT_EQ(refusal_of(fmt::format(R"({{"id":"{}","status":null}})", kId)), words);
}

}  // namespace
}  // namespace howl::compat::reports
