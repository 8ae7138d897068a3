// SPDX-License-Identifier: Apache-2.0
#include "server/config.hpp"

#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>

#include <gtest/gtest.h>

#include "products/cloud/cloud_app.hpp"

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
        list_topics = false
        allowed_origins = ["https://a.example", "https://b.example"]
        [log]
        format = "json"
        [limits]
        address_share = 50
        output_bytes = 1000000
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
    EXPECT_FALSE(config->list_topics);
    EXPECT_EQ(config->allowed_origins.size(), 2U);
    EXPECT_EQ(config->log_format, telemetry::LogFormat::kJson);
    EXPECT_EQ(config->address_share_percent, 50U);
    EXPECT_EQ(config->output_bytes_max, 1'000'000U);
    EXPECT_EQ(config->transport.deflate, transport::TransportSettings::Deflate::kOn);
    EXPECT_EQ(config->transport.ws_ping_interval, 250ms);
    EXPECT_EQ(config->of<products::cloud::CloudSettings>().operation_time, 2s);
    EXPECT_EQ(config->of<products::cloud::CloudSettings>().toggle_operation_time, 1s);
    EXPECT_EQ(config->listeners.at(0).endpoints.at(1).prefix, "/");
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

TEST(Config, ASourceOfKafkaSaysWhereItBegins) {
    using broker::kafka::Begin;
    const auto begin_of = [](std::string_view value) {
        const auto config = parse_config(
            fmt::format("[[kafka.source]]\ntopic = \"a\"\nflow = \"inbox\"\nbegin = \"{}\"\n",
                        value),
            "howl.toml");
        return config ? std::optional{config->kafka.sources.at(0).begin} : std::nullopt;
    };
    EXPECT_EQ(Config{}.kafka.sources.at(1).begin, Begin{.at = Begin::At::kStored});
    EXPECT_EQ(begin_of("stored"), Begin{.at = Begin::At::kStored});
    EXPECT_EQ(begin_of("end"), Begin{.at = Begin::At::kEnd});
    EXPECT_EQ(begin_of("beginning"), Begin{.at = Begin::At::kBeginning});
    const Begin noon{.at = Begin::At::kTime,
                     .time = WallTime{std::chrono::milliseconds{1'795'262'400'000}}};
    EXPECT_EQ(begin_of("2026-11-21T12:00:00Z"), noon);
    EXPECT_EQ(begin_of("2026-11-21T12:00:00.000Z"), noon);
    for (const auto* bad : {"", "begin", "2026-11-21", "2026-11-21T12:00:00", "21.11.2026"}) {
        EXPECT_EQ(begin_of(bad), std::nullopt) << bad;
    }
}

TEST(Config, SaysAllThatIsWrongInTheOrderOfTheLines) {
    EXPECT_EQ(
        detail_of("[wisdom]\ntick = 5\nquote = \"\"\n"
                  "[server]\nshards = 99999999\n"
                  "[limits]\nconnections = 0\nhead_bytes = 0\n"
                  "[sever]\n"
                  "[[topics]]\npatern = \"a\"\ndurable = 1\n"
                  "[[listener]]\naddress = 1\ndoors = [\"chat\", \"api\", 5]\n"),
        "howl.toml:2: expected a duration such as \"250ms\", \"10s\", \"5m\", \"24h\", \"7d\"\n"
        "howl.toml:3: there is no setting 'quote' in [wisdom]\n"
        "howl.toml:5: expected 0 to 64\n"
        "howl.toml:7: expected 1 to 1000000\n"
        "howl.toml:8: expected 1024 to 1048576\n"
        "howl.toml:9: there is no section [sever]\n"
        "howl.toml:11: there is no setting 'patern' in [[topics]]\n"
        "howl.toml:12: expected true or false\n"
        "howl.toml:14: expected a text in quotes\n"
        "howl.toml:15: there is no door 'chat'; there are portal, api, inbox, reports, "
        "chat-relay, cloud-commands, cloud-toggle, wisdom\n"
        "howl.toml:15: expected a text in quotes");
}

TEST(Config, AFaultySettingKeepsItsDefaultAndAFaultyTableIsLeftOut) {
    const std::string long_name(256, 'a');
    const auto read =
        read_config("[server]\nshards = 65\n[[topics]]\npattern = \"" + long_name + "\"\n", "x");
    EXPECT_EQ(read.config.shards, 0U);
    EXPECT_TRUE(read.config.topics.empty());
    EXPECT_EQ(describe(read.faults),
              "x:2: expected 0 to 64\nx:3: no topic's name can match '" + long_name + "'");
}

TEST(Config, RemembersWhereSettingsWereGiven) {
    const auto config = parse_config(
        "[portal]\nfolder = \"p\"\n[[listener]]\naddress = \":1\"\n"
        "doors = [\"api\"]\n",
        "x");
    ASSERT_TRUE(config);
    EXPECT_EQ(config->places.of("portal.folder").line, 2U);
    EXPECT_EQ(config->places.of("listener[0]").line, 3U);
    EXPECT_EQ(config->places.of("server.data_dir").source, "server.data_dir");
}

TEST(Config, TheOriginalPortsAreOpenToPagesOfEveryOrigin) {
    Config config;
    add_compat_listeners(config, "chat-relay");
    std::vector<std::string> found;
    for (const auto& listener : config.listeners) {
        for (const auto& endpoint : listener.endpoints) {
            found.push_back(listener.address + " " + endpoint.name + " " + endpoint.prefix);
            EXPECT_EQ(endpoint.allowed_origins.empty(), endpoint.name == "wisdom") << endpoint.name;
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
    const auto path = std::filesystem::path{HOWL_SOURCE_DIR} / "howl.example.toml";
    std::ifstream file{path};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    EXPECT_EQ(text, example_config())
        << "write it anew: build/release/howl check-config --example > howl.example.toml";
    EXPECT_TRUE(parse_config(text, "example"));
}

/// A setting of the example with its documentation.
struct ExampleRow {
    std::string section;
    std::string documentation;
    std::string key;
    std::string value;
};

std::vector<ExampleRow> example_rows() {
    static const std::regex kSetting{"# ([a-z0-9_]+) = (.*)"};
    std::vector<ExampleRow> rows;
    std::istringstream lines{example_config()};
    std::string section;
    std::string previous;
    for (std::string line; std::getline(lines, line); previous = line) {
        std::smatch parts;
        if (line.starts_with("[")) {
            section = line;
        } else if (!section.empty() && std::regex_match(line, parts, kSetting)) {
            rows.push_back({section, previous, parts[1], parts[2]});
        }
    }
    return rows;
}

bool accepts(const ExampleRow& row, const std::string& value) {
    return parse_config(row.section + "\n" + row.key + " = " + value + "\n", "x").has_value();
}

/// As it stands in a file: `12`, `"24h"`; one more, or one less.
std::string moved(const std::string& value, int by) {
    if (value.starts_with('"')) {
        const auto text = value.substr(1, value.size() - 2);
        return "\"" + std::to_string((parse_duration(text).value() + by * 1ms).count()) + "ms\"";
    }
    return std::to_string(std::stoll(value) + by);
}

TEST(Config, EveryNumberAndDurationHasARangeThatIsDocumentedAndKept) {
    static const std::regex kRange{R"x(.* From ("?[0-9a-z]+"?) to ("?[0-9a-z]+"?)\.)x"};
    static const std::regex kRanged{R"x([0-9]+|"[0-9]+(ms|s|m|h|d)")x"};
    std::size_t ranged = 0;
    for (const auto& row : example_rows()) {
        if (!std::regex_match(row.value, kRanged)) {
            continue;
        }
        std::smatch ends;
        ASSERT_TRUE(std::regex_match(row.documentation, ends, kRange))
            << row.section << row.key << " has no range in settings.def: HOWL_NUMBER";
        EXPECT_TRUE(accepts(row, ends[1]) && accepts(row, ends[2])) << row.section << row.key;
        EXPECT_FALSE(accepts(row, moved(ends[2], 1))) << row.section << row.key;
        EXPECT_FALSE(accepts(row, moved(ends[1], -1))) << row.section << row.key;
        ++ranged;
    }
    EXPECT_GE(ranged, 50U);
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
