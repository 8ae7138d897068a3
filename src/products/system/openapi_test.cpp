// SPDX-License-Identifier: Apache-2.0
// What the server describes of itself is what it serves, and the other way round. What the answers
// look like is compared in tests/integration/openapi.test.ts.
#include <algorithm>
#include <cctype>
#include <set>

#include <boost/json/parse.hpp>

#include "products/system/system_api.hpp"
#include "server/live_server_for_test.hpp"

namespace howl::products::system {

using server::LiveServer;

namespace {

using Routes = std::set<std::string>;

constexpr std::string_view kDescribed = "/api/";

std::string path_of(const std::string& route) {
    return route.substr(route.find(' ') + 1);
}

/// `/rooms/{room}/names/{name}` as the router has it, whose `*` stands for several segments.
std::string pattern_of(const std::string& path) {
    const auto first = path.find('{');
    return first == std::string::npos
               ? path
               : path.substr(0, first) + "*" + path.substr(path.rfind('}') + 1);
}

/// A path of the document also has `parameters`.
bool is_method(std::string_view member) {
    return member == "get" || member == "post" || member == "put" || member == "patch" ||
           member == "delete";
}

char upper(char letter) {
    return static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
}

Routes described_routes() {
    const auto document = boost::json::parse(products::system::openapi_document());
    Routes out;
    for (const auto& [path, item] : document.at("paths").as_object()) {
        for (const auto& [member, operation] : item.as_object()) {
            if (is_method(member)) {
                std::string method{member};
                std::ranges::transform(method, method.begin(), upper);
                out.insert(method + " " + pattern_of(path));
            }
        }
    }
    return out;
}

Routes served_routes() {
    LiveServer howl;
    const auto& routes = howl.server().bound().front().routes;
    return {routes.begin(), routes.end()};
}

TEST(OpenApi, DescribesTheRoutesOfTheApiAndNoOthers) {
    Routes of_api;
    std::ranges::copy_if(served_routes(), std::inserter(of_api, of_api.end()),
                         [](const auto& route) { return path_of(route).starts_with(kDescribed); });
    EXPECT_THAT(of_api, ::testing::ContainerEq(described_routes()));
}

TEST(OpenApi, LeavesOutOnlyProbesTheFirstPageAndTheProtocolsOfOtherServers) {
    const Routes left_out{"/",   "/home.css", "/healthz", "/readyz", "/metrics", "/v1",
                          "/v2", "/v3",       "/v4",      "/wisdom", "/compat"};
    for (const auto& route : served_routes()) {
        const auto path = path_of(route);
        const auto first = path.substr(0, path.find('/', 1));
        EXPECT_TRUE(path.starts_with(kDescribed) || left_out.contains(first))
            << route << " belongs under /api and into openapi.json, or here";
    }
}

}  // namespace
}  // namespace howl::products::system
