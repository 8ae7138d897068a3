// SPDX-License-Identifier: Apache-2.0
#include "server/config_check.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <linux/capability.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/descriptors.hpp"

namespace howl::server {
namespace {

using testing::HasSubstr;

/// Says what is wrong with a file of some lines.
class ConfigCheck : public testing::Test {
protected:
    void SetUp() override {
        std::array<char, 32> form{"/tmp/howl-check-XXXXXX"};
        folder_ = ::mkdtemp(form.data());
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::string faults(std::string_view toml) const {
        auto read = read_config(toml, "f");
        EXPECT_TRUE(read.faults.empty()) << describe(read.faults);
        if (!read.config.places.of("server.data_dir").line) {
            read.config.data_dir = ":memory:";
        }
        return describe(faults_of(read.config));
    }

    std::filesystem::path folder_;
};

std::string listener(std::string_view address) {
    return "[[listener]]\naddress = \"" + std::string{address} + "\"\ndoors = [\"api\"]\n";
}

TEST_F(ConfigCheck, TheDefaultsAreGood) {
    EXPECT_EQ(faults(""), "");
    EXPECT_EQ(faults(listener("127.0.0.1:0") + listener("127.0.0.1:0")), "");
}

TEST_F(ConfigCheck, AnAddressCanBeListenedOn) {
    EXPECT_THAT(faults("\n" + listener("here")), HasSubstr("f:2: 'here' is not an address"));
    EXPECT_THAT(faults(listener("0.0.0.0:80")), HasSubstr("f:1: 0.0.0.0:80 can be reached from"));
    EXPECT_EQ(faults("[server]\nallow_remote = true\n" + listener("0.0.0.0:8080")), "");
    EXPECT_THAT(faults("[server]\nallow_remote = true\n" + listener("192.0.2.1:80")),
                HasSubstr("f:3: 192.0.2.1:80: "));
    EXPECT_EQ(faults(listener("127.0.0.1:8080") + listener("localhost:8080")),
              "f:4: another listener has localhost:8080 already");
}

TEST_F(ConfigCheck, EveryAddressIsAlsoEachOfThem) {
    const auto both = [this](std::string_view one, std::string_view other) {
        return faults("[server]\nallow_remote = true\n" + listener(one) + listener(other));
    };
    for (const auto& [one, other] : {std::pair{"0.0.0.0:8080", "127.0.0.1:8080"},
                                     std::pair{"127.0.0.1:8080", "0.0.0.0:8080"}}) {
        EXPECT_EQ(both(one, other), fmt::format("f:6: another listener has {} already", other));
    }
    EXPECT_EQ(both("0.0.0.0:8080", "127.0.0.1:8081"), "");
    EXPECT_EQ(both("127.0.0.1:8080", "127.0.0.2:8080"), "");
}

/// Without the right to bind ports below 1024, on this thread.
class WithoutLowPorts {
public:
    WithoutLowPorts() {
        ::syscall(SYS_capget, &head_, before_.data());
        auto lowered = before_;
        lowered[0].effective &= ~(1U << CAP_NET_BIND_SERVICE);
        ::syscall(SYS_capset, &head_, lowered.data());
    }
    ~WithoutLowPorts() { ::syscall(SYS_capset, &head_, before_.data()); }
    WithoutLowPorts(const WithoutLowPorts&) = delete;
    WithoutLowPorts& operator=(const WithoutLowPorts&) = delete;

private:
    __user_cap_header_struct head_{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> before_{};
};

TEST_F(ConfigCheck, APortThatIsOnlyForRootIsNoGood) {
    int first_free = 0;
    std::ifstream{"/proc/sys/net/ipv4/ip_unprivileged_port_start"} >> first_free;
    if (first_free <= 80) {
        GTEST_SKIP() << "here everybody may have it";
    }
    const WithoutLowPorts without;
    EXPECT_EQ(faults(listener("127.0.0.1:80")), "f:1: 127.0.0.1:80: Permission denied");
}

TEST_F(ConfigCheck, OriginsAreWrittenAsBrowsersWriteThem) {
    EXPECT_EQ(faults("[server]\nallowed_origins = [\"https://a.b/\"]\n"),
              "f:2: 'https://a.b/' matches no page: browsers write this origin as 'https://a.b'");
    EXPECT_EQ(faults("[inbox]\nallowed_origins = [\"a.b\"]\n"
                     "[reports]\nallowed_origins = [\"*\", \"HTTPS://A.b\"]\n"),
              "f:2: 'a.b' is no origin like 'https://app.example.com'\n"
              "f:4: 'HTTPS://A.b' matches no page: browsers write this origin as 'https://a.b'");
    EXPECT_THAT(faults("[[listener]]\naddress = \"127.0.0.1:0\"\ndoors = [{ name = \"chat-relay\", "
                       "allowed_origins = [\"http://a.b:80\"] }]\n"),
                HasSubstr("f:1: 'http://a.b:80' matches no page"));
    for (const char* good :
         {"*", "null", "https://a.b", "http://localhost:3000", "http://[::1]:80x"}) {
        EXPECT_EQ(check_origin(good).has_value(), std::string_view{good} != "http://[::1]:80x");
    }
    for (const char* bad : {"https://a.b?x", "https://a.b#x", "https://me@a.b", "https://a.b:443",
                            "https://a.b:", "https://a.b/c", "//a.b", "", "https://"}) {
        EXPECT_FALSE(check_origin(bad)) << bad;
    }
}

TEST_F(ConfigCheck, HostsAreNames) {
    EXPECT_EQ(faults("[server]\nhosts = [\"a.example\", \"*\"]\n"), "");
    EXPECT_EQ(faults("[server]\nhosts = [\"a.example.\"]\n"),
              "f:2: 'a.example.' matches no request: write it as 'a.example'");
    for (const char* bad :
         {"a.example:80", "https://a.example", "a.example/", "", "a b", "%61.example"}) {
        EXPECT_THAT(faults("[server]\nhosts = [\"" + std::string{bad} + "\"]\n"),
                    HasSubstr("f:2: '" + std::string{bad} + "' is no host name"));
    }
}

TEST_F(ConfigCheck, TheDataDirectoryCanBeMade) {
    const auto setting = [](const std::filesystem::path& path) {
        return "[server]\ndata_dir = \"" + path.string() + "\"\n";
    };
    EXPECT_EQ(faults(setting(folder_)), "");
    EXPECT_EQ(faults(setting(folder_ / "new/and/deeper")), "");
    std::ofstream{folder_ / "file"} << "x";
    EXPECT_THAT(faults(setting(folder_ / "file")), HasSubstr("f:2: "));
    EXPECT_THAT(faults(setting(folder_ / "file/below")), HasSubstr("file is no directory"));
    EXPECT_THAT(faults("[server]\ndata_dir = \"\"\n"), HasSubstr("f:2: "));
    EXPECT_FALSE(std::filesystem::exists(folder_ / "new")) << "a check changes nothing";
}

TEST_F(ConfigCheck, APortalHasAPageToBeginWith) {
    const auto setting = "[portal]\nfolder = \"" + folder_.string() + "\"\n";
    EXPECT_THAT(faults(setting), HasSubstr("f:2: " + folder_.string() + " has no index.html"));
    std::ofstream{folder_ / "index.html"} << "<!doctype html>";
    EXPECT_EQ(faults(setting), "");
    EXPECT_THAT(faults("[portal]\nfolder = \"/nowhere\"\n"),
                HasSubstr("f:2: cannot read /nowhere: No such file or directory"));
}

TEST_F(ConfigCheck, FilesThatSettingsNameCanBeRead) {
    EXPECT_THAT(faults("[wisdom]\nquotes = \"/\"\n"), HasSubstr("f:2: cannot read /: Is a dir"));
    EXPECT_THAT(faults("[reports]\nstore = \"dynamodb\"\n[dynamodb]\ncredentials_file = \"/\"\n"),
                HasSubstr("f:4: cannot read /: Is a directory"));
    EXPECT_THAT(faults("[kafka]\nbrokers = \"127.0.0.1:1\"\nproperties_file = \"/\"\n"),
                HasSubstr("f:3: cannot read /: Is a directory"));
}

TEST_F(ConfigCheck, SourcesNameTopicsThatCanBe) {
    const std::string too_long(limits::kTopicNameBytesMax + 1, 'a');
    EXPECT_THAT(faults("[kafka]\nbrokers = \"127.0.0.1:1\"\n[[kafka.source]]\ntopic = \"a\"\n"
                       "target = \"" +
                       too_long + "\"\n"),
                HasSubstr("f:3: target '" + too_long + "'"));
    EXPECT_THAT(faults("[kafka]\nbrokers = \"127.0.0.1:1\"\n"
                       "[[kafka.source]]\ntopic = \"a\"\ntarget = \"b\"\n"
                       "[[kafka.source]]\ntopic = \"a\"\ntarget = \"c\"\n"),
                testing::MatchesRegex("f:3: .* twice\nf:6: .* twice"));
}

TEST_F(ConfigCheck, AllFaultsComeInTheOrderOfTheirLines) {
    EXPECT_THAT(faults("[wisdom]\nquotes = \"/\"\n[portal]\nfolder = \"/nowhere\"\n"
                       "[server]\nhosts = [\"a:1\"]\n" +
                       listener("here")),
                testing::MatchesRegex("f:2: .*\nf:4: .*\nf:6: .*\nf:7: .*"));
}

/// Lowers the soft limit of open files, or both; the hard one can't come back.
class OpenFiles {
public:
    OpenFiles() { ::getrlimit(RLIMIT_NOFILE, &before_); }
    ~OpenFiles() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    void lower_soft(rlim_t to) const {
        const rlimit limit{to, before_.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
    [[nodiscard]] rlim_t hard() const { return before_.rlim_max; }
    [[nodiscard]] static rlim_t soft() {
        rlimit now{};
        ::getrlimit(RLIMIT_NOFILE, &now);
        return now.rlim_cur;
    }

private:
    rlimit before_{};
};

TEST(Descriptors, TheSoftLimitIsRaisedAsFarAsConnectionsNeed) {
    const OpenFiles files;
    files.lower_soft(64);
    Config config;
    config.connections_max = 500;
    ASSERT_TRUE(fit_descriptors(config));
    EXPECT_EQ(config.connections_max, 500U);
    EXPECT_GT(OpenFiles::soft(), 500U);
}

TEST(Descriptors, ConnectionsBeyondTheHardLimitAreNotPromised) {
    const OpenFiles files;
    if (files.hard() == RLIM_INFINITY) {
        GTEST_SKIP() << "no hard limit here";
    }
    Config config;
    config.connections_max = files.hard();
    ASSERT_TRUE(fit_descriptors(config));
    EXPECT_LT(config.connections_max, files.hard());
}

}  // namespace
}  // namespace howl::server
