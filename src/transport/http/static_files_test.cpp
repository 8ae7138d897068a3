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
        router_.add_door("/", manners_);
        files.add_routes(router_, manners_);
        return ask(http::Method::kGet, path, std::move(headers));
    }

    const fs::path folder_;

private:
    /// Tests run side by side in processes of their own.
    static fs::path own_folder() {
        auto name = testing::TempDir() + "howl_static_files_XXXXXX";
        return mkdtemp(name.data());
    }
    const ApiManners manners_{OriginRule{}};
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
}

TEST_F(StaticFilesTest, TheIndexIsTheRootAndHasAPolicy) {
    write("index.html", "<p>");
    const auto page = get("/");
    EXPECT_EQ(page.body(), "<p>");
    EXPECT_TRUE(page.header("Content-Security-Policy").starts_with("default-src 'self'"));
}

TEST_F(StaticFilesTest, SendsThePrecompressedTwinToWhoTakesItAndNeverByItsOwnName) {
    write("assets/app-1a2b.js", "plain");
    write("assets/app-1a2b.js.gz", "zipped");
    write("assets/app-1a2b.js.br", "brotli");
    EXPECT_EQ(get("/assets/app-1a2b.js").body(), "plain");
    EXPECT_EQ(get("/assets/app-1a2b.js", {{"Accept-Encoding", "gzip"}}).body(), "zipped");
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
