// SPDX-License-Identifier: Apache-2.0
#include "server/config.hpp"

#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

namespace howl::server {
namespace {

using namespace std::chrono_literals;

std::string detail_of(std::string_view toml) {
    const auto config = parse_config(toml, "howl.toml");
    return config ? "accepted" : config.error().detail;
}

TEST(Config, AnEmptyFileIsTheDefaults) {
    const auto config = parse_config("", "howl.toml");
    ASSERT_TRUE(config);
    EXPECT_EQ(config->data_dir, "data");
    EXPECT_EQ(config->transport.ws_ping_interval, 25s);
    EXPECT_FALSE(config->allow_remote);
}

TEST(Config, ReadsEveryKindOfValue) {
    const auto config = parse_config(R"(
        [server]
        data_dir = "/var/lib/howl"
        shards = 3
        allowed_origins = ["https://a.example", "https://b.example"]
        [log]
        format = "json"
        [websocket]
        deflate = true
        ping_interval = "250ms"
        [cloud]
        operation_time = "2s"
        [cloud.toggle]
        operation_time = "1s"
        [[listener]]
        address = "127.0.0.1:0"
        doors = ["api", { name = "wisdom", prefix = "/" }]
        [[topics]]
        pattern = "metrics/*"
        durable = false
        history_count = 10
        history_age = "1h"
    )",
                                     "howl.toml");
    ASSERT_TRUE(config) << config.error().detail;
    EXPECT_EQ(config->shards, 3U);
    EXPECT_EQ(config->allowed_origins.size(), 2U);
    EXPECT_EQ(config->log_format, telemetry::LogFormat::kJson);
    EXPECT_EQ(config->transport.deflate, transport::TransportSettings::Deflate::kOn);
    EXPECT_EQ(config->transport.ws_ping_interval, 250ms);
    EXPECT_EQ(config->cloud.operation_time, 2s);
    EXPECT_EQ(config->cloud.toggle_operation_time, 1s);
    EXPECT_EQ(config->listeners.at(0).doors.at(1).prefix, "/");
    EXPECT_EQ(config->topics.at(0).policy.lane, hub::Lane::kVolatile);
    EXPECT_EQ(config->topics.at(0).policy.retention.age_max, 1h);
}

TEST(Config, NamesTheLineOfEveryMistake) {
    EXPECT_EQ(detail_of("[server]\nshard = 1\n"),
              "howl.toml:2: there is no setting 'shard' in [server]");
    EXPECT_EQ(detail_of("\n[sever]\n"), "howl.toml:2: there is no section [sever]");
    EXPECT_EQ(detail_of("[server]\n\nshards = \"two\"\n"),
              "howl.toml:3: expected a whole number, 0 or more");
    EXPECT_EQ(detail_of("[server]\nshards = -1\n"),
              "howl.toml:2: expected a whole number, 0 or more");
    EXPECT_TRUE(
        detail_of("[wisdom]\ntick = \"ten\"\n").starts_with("howl.toml:2: expected a duration"));
    EXPECT_TRUE(
        detail_of("[wisdom]\ntick = \"0s\"\n").starts_with("howl.toml:2: expected a duration"));
    EXPECT_EQ(detail_of("[log]\nformat = \"xml\"\n"),
              "howl.toml:2: expected one of \"text\", \"json\"");
    EXPECT_EQ(detail_of("[[listener]]\naddress = \"127.0.0.1:1\"\ndoors = [\"chat\"]\n"),
              "howl.toml:3: there is no door 'chat'; there are portal, api, inbox, reports, "
              "chat-relay, cloud-commands, cloud-toggle, wisdom");
    EXPECT_EQ(detail_of("[[listener]]\naddress = \"127.0.0.1:1\"\n"
                        "doors = [{ name = \"chat-relay\", prefix = \"/\" },\n"
                        " { name = \"cloud-toggle\", prefix = \"/\" }]\n"),
              "howl.toml:1: chat-relay and cloud-toggle can't share a prefix: both take WebSocket "
              "on any path");
    EXPECT_EQ(detail_of("[[listener]]\naddress = \"127.0.0.1:1\"\n"
                        "doors = [{ name = \"api\", allowed_origins = [\"*\"] }]\n"),
              "howl.toml:3: the door 'api' has no origins of its own");
    EXPECT_EQ(detail_of("[cloud.toggel]\n"),
              "howl.toml:1: there is no setting 'toggel' in [cloud]");
    EXPECT_EQ(detail_of("[[topics]]\npattern = \"a*b*\"\n"),
              "howl.toml:1: a topic rule needs a 'pattern' with at most one '*'");
    EXPECT_TRUE(detail_of("[server\n").starts_with("howl.toml:1: "));
}

TEST(Config, TheOriginalPortsAreOpenToPagesOfEveryOrigin) {
    Config config;
    add_compat_listeners(config, Port3000::kChat);
    std::vector<std::string> found;
    for (const auto& listener : config.listeners) {
        for (const auto& door : listener.doors) {
            found.push_back(listener.address + " " + door.name + " " + door.prefix);
            const bool has_own_setting =
                door.name == "inbox" || door.name == "reports" || door.name == "wisdom";
            EXPECT_EQ(door.allowed_origins.empty(), has_own_setting);
        }
    }
    EXPECT_EQ(found,
              (std::vector<std::string>{
                  "127.0.0.1:3000 inbox ", "127.0.0.1:3000 reports ", "127.0.0.1:3000 chat-relay /",
                  "127.0.0.1:7070 cloud-commands /", "127.0.0.1:8000 wisdom /"}));
}

TEST(Config, DurationsGoThereAndBack) {
    for (const char* text : {"1ms", "250ms", "10s", "5m", "24h"}) {
        EXPECT_EQ(format_duration(parse_duration(text).value()), text);
    }
    EXPECT_EQ(parse_duration("7d").value(), 168h);
    for (const char* bad :
         {"", "10", "s", "-1s", "1.5s", "10 s", "10S", "99999999999999999999s", "9999999d"}) {
        EXPECT_FALSE(parse_duration(bad)) << bad;
    }
}

TEST(Config, TheExampleFileOfTheRepositoryIsTheTable) {
    const auto path = std::filesystem::path{__FILE__}.parent_path() / "../../howl.example.toml";
    std::ifstream file{path};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    EXPECT_EQ(text, example_config())
        << "write it anew: build/release/howl check-config --example > howl.example.toml";
    EXPECT_TRUE(parse_config(text, "example"));
}

TEST(Config, EverySettingOfTheExampleIsAcceptedWhenItsHashIsTakenAway) {
    std::istringstream lines{example_config()};
    std::string toml;
    std::string section;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("[")) {
            section = line;
        }
        const bool is_setting = !section.empty() && line.starts_with("# ") &&
                                line.contains(" = ") && !line.ends_with(".");
        toml += (is_setting ? line.substr(2) : line) + "\n";
    }
    EXPECT_EQ(detail_of(toml), "accepted");
}

}  // namespace
}  // namespace howl::server
