// SPDX-License-Identifier: Apache-2.0
#include "storage/dynamodb/credentials.hpp"

#include <fstream>
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/log_driver_for_test.hpp"

namespace howl::storage::dynamodb {
namespace {

using testing::HasSubstr;
using testing::Not;

Environment environment(std::map<std::string, std::string, std::less<>> variables) {
    return [variables = std::move(variables)](std::string_view name) {
        const auto found = variables.find(name);
        return found == variables.end() ? std::string{} : found->second;
    };
}

TEST(Credentials, ComeFromTheEnvironment) {
    const auto found = load_credentials("", environment({{"AWS_ACCESS_KEY_ID", "id"},
                                                         {"AWS_SECRET_ACCESS_KEY", "secret"},
                                                         {"AWS_SESSION_TOKEN", "session"}}));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->key_id, "id");
    EXPECT_EQ(found->secret, "secret");
    EXPECT_EQ(found->session_token, "session");
}

TEST(Credentials, ComeFromTheDefaultProfileOfAFile) {
    const auto found = parse_credentials(
        "# mine\r\n[other]\naws_access_key_id = wrong\n[default]\r\n"
        " aws_access_key_id=id\r\naws_secret_access_key = a/b+c= \nregion = x\n"
        "[third]\naws_secret_access_key = wrong",
        "file");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->key_id, "id");
    EXPECT_EQ(found->secret, "a/b+c=");
    EXPECT_EQ(found->session_token, "");
}

TEST(Credentials, TheFileCountsWhereOneIsNamed) {
    const TempDirectory directory;
    const auto path = (directory.path() / "credentials").string();
    std::ofstream{path} << "[default]\naws_access_key_id=file\naws_secret_access_key=s\n";
    EXPECT_EQ(load_credentials(path, environment({{"AWS_ACCESS_KEY_ID", "other"}}))->key_id,
              "file");
}

TEST(Credentials, WhatIsMissingIsSaidWithoutShowingAnything) {
    for (const auto* const text :
         {"", "[default]\n", "[default]\naws_access_key_id=VISIBLE\n",
          "[default]\naws_secret_access_key=VISIBLE\n",
          "[default]\naws_access_key_id=id\naws_secret_access_key=VISIBLE\x01\n",
          "aws_access_key_id=id\naws_secret_access_key=VISIBLE\n"}) {
        const auto refused = parse_credentials(text, "the-file");
        ASSERT_FALSE(refused) << text;
        EXPECT_EQ(refused.error().code, Errc::kInvalidConfig);
        EXPECT_THAT(refused.error().describe(), HasSubstr("the-file"));
        EXPECT_THAT(refused.error().describe(), Not(HasSubstr("VISIBLE")));
    }
    EXPECT_THAT(load_credentials("", environment({})).error().describe(),
                HasSubstr("AWS_ACCESS_KEY_ID"));
    EXPECT_THAT(load_credentials("/nowhere/at/all", environment({})).error().describe(),
                HasSubstr("cannot read /nowhere/at/all"));
}

}  // namespace
}  // namespace howl::storage::dynamodb
