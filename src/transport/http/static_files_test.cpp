// SPDX-License-Identifier: Apache-2.0
#include "transport/http/static_files.hpp"

#include <cstdlib>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "transport/http/router_rig_for_test.hpp"

namespace howl::transport {
namespace {

namespace fs = std::filesystem;
namespace http = codec::http;

class StaticFilesTest : public RouterRig {
protected:
    StaticFilesTest() : folder_(own_folder()) { fs::create_directories(folder_ / "assets"); }
    ~StaticFilesTest() override { fs::remove_all(folder_); }

    void write(const std::string& name, const std::string& text) const {
        std::ofstream{folder_ / name} << text;
    }
    /// Serves the folder as it is now and asks for `path`.
    http::Response get(const std::string& path, std::vector<http::Header> headers = {}) {
        const auto files = StaticFiles::load(folder_).value();
        router_ = Router{};
        router_.add_endpoint("/", response_policy_);
        files.add_routes(router_, response_policy_);
        router_.add(http::Method::kGet, "/api/thing", response_policy_,
                    [](Exchange&) { return ready(http::Response::no_content()); });
        files.add_page_routes(router_, response_policy_);
        return ask(http::Method::kGet, path, std::move(headers));
    }

    static std::string vary_of(const http::Response& response) {
        std::string all;
        for (const auto& [name, value] : response.headers()) {
            if (name == "Vary") {
                all += (all.empty() ? "" : ", ") + value;
            }
        }
        return all;
    }

    const fs::path folder_;

private:
    /// Tests run side by side in processes of their own.
    static fs::path own_folder() {
        auto name = testing::TempDir() + "howl_static_files_XXXXXX";
        return mkdtemp(name.data());
    }
    const ApiResponsePolicy response_policy_{OriginRule{}};
};

TEST_F(StaticFilesTest, ServesAFileWithItsTypeAndThe304OfItsTag) {
    write("app.css", "body{}");
    const auto first = get("/app.css");
    EXPECT_EQ(first.status(), 200);
    EXPECT_EQ(first.body(), "body{}");
    EXPECT_EQ(first.header("Content-Type"), "text/css; charset=utf-8");
    EXPECT_EQ(first.header("Cache-Control"), "no-cache");
    const auto again = get("/app.css", {{"If-None-Match", std::string{first.header("ETag")}}});
    EXPECT_EQ(again.status(), 304);
    EXPECT_EQ(again.body(), "");
    const auto tag = std::string{first.header("ETag")};
    for (const auto& known : {"\"x\", " + tag, std::string{"*"}, tag.substr(2)}) {
        EXPECT_EQ(get("/app.css", {{"If-None-Match", known}}).status(), 304) << known;
    }
    EXPECT_EQ(get("/app.css", {{"If-None-Match", "\"x\""}}).status(), 200);
}

TEST_F(StaticFilesTest, TheIndexIsTheRootAndHasAPolicy) {
    write("index.html", "<p>");
    const auto page = get("/");
    EXPECT_EQ(page.body(), "<p>");
    EXPECT_TRUE(page.header("Content-Security-Policy").starts_with("default-src 'self'"));
}

TEST_F(StaticFilesTest, APageKeepsToItself) {
    write("index.html", "<script>alert('Hello, world.');</script>");
    const auto page = get("/");
    EXPECT_NE(page.header("Content-Security-Policy")
                  .find("script-src 'self' 'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"),
              std::string_view::npos);
    EXPECT_EQ(page.header("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(page.header("Cross-Origin-Opener-Policy"), "same-origin");
    EXPECT_EQ(page.header("Permissions-Policy"), "camera=(), microphone=(), geolocation=()");
    EXPECT_EQ(page.header("X-Content-Type-Options"), "nosniff");
    write("app.js", "1");
    EXPECT_EQ(get("/app.js").header("Content-Security-Policy"), "");
}

TEST_F(StaticFilesTest, TheIndexIsAlsoWhereTheBuildSaysThatThereIsAPage) {
    write("index.html", "<p>");
    write("pages.txt", "/\n/chat\n/reports\n");
    for (const char* path : {"/chat", "/chat/", "/reports", "/reports/6f2d3a44-0001", "/chat/a/b",
                             "/chat/%D0%96", "/chat/a.b/c"}) {
        const auto page = get(path, {{"Accept", "text/html,application/xml;q=0.9,*/*;q=0.8"}});
        EXPECT_EQ(page.status(), 200) << path;
        EXPECT_EQ(page.body(), "<p>") << path;
        EXPECT_NE(page.header("Content-Security-Policy"), "") << path;
    }
    EXPECT_EQ(get("/chat").status(), 200);
    for (const char* accept : {"text/html;q=0.9", "*/*;q=0.8", "text/*", "*; q=.2"}) {
        EXPECT_EQ(get("/chat", {{"Accept", accept}}).status(), 200) << accept;
    }
    const auto any = get("/chat", {{"Accept", "*/*"}});
    EXPECT_EQ(any.status(), 200);
    EXPECT_EQ(vary_of(any), "Accept-Encoding, Accept, Origin");
}

TEST_F(StaticFilesTest, ABrowserAtAnUnknownPathGetsThePageWithStatus404) {
    write("index.html", "<p>");
    write("pages.txt", "/chat\n");
    for (const char* path : {"/chats", "/nowhere", "/nowhere/at/all", "/apis"}) {
        const auto page = get(path, {{"Accept", "text/html,application/xml;q=0.9,*/*;q=0.8"}});
        EXPECT_EQ(page.status(), 404) << path;
        EXPECT_EQ(page.body(), "<p>") << path;
        EXPECT_EQ(page.header("Content-Type"), "text/html; charset=utf-8") << path;
        EXPECT_EQ(page.header("Cache-Control"), "no-store") << path;
        EXPECT_NE(page.header("Content-Security-Policy"), "") << path;
        // What curl and programs send.
        const auto problem = get(path, {{"Accept", "*/*"}});
        EXPECT_EQ(problem.status(), 404) << path;
        EXPECT_EQ(problem.header("Content-Type"), "application/problem+json") << path;
    }
    EXPECT_EQ(ask(http::Method::kPost, "/nowhere").status(), 404);
}

TEST_F(StaticFilesTest, WhatIsNoPageOfThePortalStaysNotFound) {
    write("index.html", "<p>");
    write("pages.txt", "/chat\n");
    for (const char* path : {"/api", "/api/nowhere", "/assets/gone.js", "/gone.js", "/chat/gone.js",
                             "/chat/a/gone%2Ejs", "/chat/.env"}) {
        const auto problem = get(path, {{"Accept", "text/html"}});
        EXPECT_EQ(problem.status(), 404) << path;
        EXPECT_NE(problem.body(), "<p>") << path;
    }
    EXPECT_EQ(get("/chat", {{"Accept", "application/json"}}).status(), 404);
    EXPECT_EQ(get("/chat", {{"Accept", "text/event-stream"}}).status(), 404);
    EXPECT_EQ(get("/chat", {{"Accept", "text/html;q=0, */*"}}).status(), 404);
}

TEST_F(StaticFilesTest, AFileOrARouteOfItsOwnComesBeforeAPage) {
    write("index.html", "<p>");
    fs::create_directories(folder_ / "chat");
    write("pages.txt", "/chat\n");
    write("chat/help", "a file");
    EXPECT_EQ(get("/chat/help").body(), "a file");
}

TEST_F(StaticFilesTest, EveryFileHasItsTypeAlsoAsATwin) {
    for (const auto& [name, type] : std::initializer_list<std::pair<std::string, std::string_view>>{
             {"a.woff2", "font/woff2"},
             {"a.svg", "image/svg+xml"},
             {"a.webmanifest", "application/manifest+json"},
             {"a.js", "text/javascript; charset=utf-8"}}) {
        write(name, "plain");
        write(name + ".br", "brotli");
        EXPECT_EQ(get("/" + name).header("Content-Type"), type);
        const auto twin = get("/" + name, {{"Accept-Encoding", "br"}});
        EXPECT_EQ(twin.header("Content-Type"), type);
        EXPECT_EQ(twin.header("Content-Encoding"), "br");
        EXPECT_EQ(vary_of(twin), "Accept-Encoding, Origin");
    }
}

TEST_F(StaticFilesTest, SendsThePrecompressedTwinToClientsThatAcceptItAndNeverByItsOwnName) {
    write("assets/app-1a2b.js", "plain");
    write("assets/app-1a2b.js.gz", "zipped");
    write("assets/app-1a2b.js.br", "brotli");
    EXPECT_EQ(get("/assets/app-1a2b.js").body(), "plain");
    EXPECT_EQ(get("/assets/app-1a2b.js", {{"Accept-Encoding", "gzip"}}).body(), "zipped");
    EXPECT_EQ(get("/assets/app-1a2b.js", {{"Accept-Encoding", "gzip;q=1.0"}}).body(), "zipped");
    EXPECT_EQ(get("/assets/app-1a2b.js", {{"Accept-Encoding", "br;q=0"}}).body(), "plain");
    EXPECT_EQ(get("/assets/app-1a2b.js", {{"Accept-Encoding", "br;q=0, *"}}).body(), "zipped");
    const auto brotli = get("/assets/app-1a2b.js", {{"Accept-Encoding", "gzip, br"}});
    EXPECT_EQ(brotli.body(), "brotli");
    EXPECT_EQ(brotli.header("Content-Encoding"), "br");
    EXPECT_EQ(brotli.header("Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(get("/assets/app-1a2b.js.gz").status(), 404);
}

TEST_F(StaticFilesTest, NothingOutsideTheFolderAndNothingHiddenCanBeReached) {
    write("a b.txt", "spaces");
    write(".secret", "hidden");
    fs::create_symlink("/etc/passwd", folder_ / "passwd");
    fs::create_directory_symlink("/etc", folder_ / "etc");
    EXPECT_EQ(get("/a%20b.txt").body(), "spaces");
    for (const char* path :
         {"/.secret", "/passwd", "/etc/passwd", "/../etc/passwd", "/%2e%2e/etc/passwd",
          "/..%2fetc/passwd", "/assets/../.secret", "/assets", "/assets/", "/a b.txt/",
          "/a%20b.txt%00", "//a%20b.txt", "/\\etc\\passwd"}) {
        EXPECT_EQ(get(path).status(), 404) << path;
    }
}

TEST_F(StaticFilesTest, AFolderThatIsNotThereIsAMistakeInTheConfiguration) {
    EXPECT_EQ(StaticFiles::load(folder_ / "nowhere").error().code, Errc::kInvalidConfig);
}

}  // namespace
}  // namespace howl::transport
