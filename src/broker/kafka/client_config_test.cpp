// SPDX-License-Identifier: Apache-2.0
#include "broker/kafka/client_config.hpp"

#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/kafka/client_events.hpp"

namespace howl::broker::kafka {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

/// A properties file that is deleted with the test.
class ClientConfigTest : public ::testing::Test {
protected:
    ~ClientConfigTest() override { std::filesystem::remove(path_); }

    Result<std::unique_ptr<RdKafka::Conf>> consumer_with(std::string_view properties) {
        std::ofstream{path_} << properties;
        settings_.properties_file = path_.string();
        return consumer_config(settings_);
    }
    std::string error_with(std::string_view properties) {
        const auto conf = consumer_with(properties);
        return conf ? std::string{} : conf.error().detail;
    }
    static std::string value(RdKafka::Conf& conf, const std::string& name) {
        std::string text;
        EXPECT_EQ(conf.get(name, text), RdKafka::Conf::CONF_OK);
        return text;
    }

    const std::filesystem::path path_ = std::filesystem::temp_directory_path() /
                                        fmt::format("howl-kafka-{}.properties", ::getpid());
    KafkaSettings settings_;
};

TEST_F(ClientConfigTest, TheFilesLinesOverrideOurs) {
    const auto conf =
        consumer_with("# ours\n\n session.timeout.ms = 9000\r\nssl.key.password=a=b \n");
    ASSERT_TRUE(conf) << conf.error().describe();
    EXPECT_EQ(value(**conf, "session.timeout.ms"), "9000");
    EXPECT_EQ(value(**conf, "ssl.key.password"), "a=b");
    EXPECT_EQ(value(**conf, "group.id"), "howl");
    EXPECT_EQ(value(**conf, "enable.auto.commit"), "false");
}

TEST_F(ClientConfigTest, WhatOurPromisesDependOnCannotBeOverridden) {
    for (const std::string_view name :
         {"group.id", "bootstrap.servers", "metadata.broker.list", "enable.auto.commit",
          "auto.offset.reset", "enable.idempotence", "acks", "message.timeout.ms"}) {
        EXPECT_THAT(error_with(fmt::format("# a line\n{}=x\n", name)),
                    EndsWith(fmt::format(":2: '{}' is Howl's own", name)));
    }
}

TEST_F(ClientConfigTest, NoMessageShowsAValue) {
    const auto error = error_with("sasl.mechanisms.typo=secret\n");
    EXPECT_THAT(error, HasSubstr(":1: librdkafka does not take this for 'sasl.mechanisms.typo'"));
    EXPECT_THAT(error, Not(HasSubstr("secret")));
    EXPECT_THAT(error_with("session.timeout.ms=secret"), Not(HasSubstr("secret")));
    EXPECT_THAT(error_with("secret"), EndsWith(":1: expected name=value"));
}

TEST_F(ClientConfigTest, ADirectoryInThePlaceOfTheFileIsAnError) {
    settings_.properties_file = "/";  // Else TLS and passwords would be left out silently.
    const auto conf = consumer_config(settings_);
    ASSERT_FALSE(conf);
    EXPECT_EQ(conf.error().detail, "cannot read /: Is a directory");
}

TEST_F(ClientConfigTest, AFileThatIsNotThereIsAnError) {
    settings_.properties_file = "/nowhere/kafka.properties";
    const auto conf = producer_config(settings_);
    ASSERT_FALSE(conf);
    EXPECT_EQ(conf.error().code, Errc::kSystem);
    EXPECT_EQ(conf.error().detail,
              "cannot read /nowhere/kafka.properties: No such file or directory");
}

TEST(ClientEvents, FindsABrokerThatIsUpInTheStatistics) {
    EXPECT_TRUE(shows_broker_up(R"({"brokers":{"a":{"state":"DOWN"},"b":{"state":"UP"}}})"));
    EXPECT_FALSE(shows_broker_up(R"({"brokers":{"a":{"state":"CONNECT"}}})"));
    EXPECT_FALSE(shows_broker_up(R"({"brokers":{}})"));
    EXPECT_FALSE(shows_broker_up("{}"));
    EXPECT_FALSE(shows_broker_up("not JSON"));
}

}  // namespace
}  // namespace howl::broker::kafka
