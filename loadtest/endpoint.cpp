// SPDX-License-Identifier: Apache-2.0
#include "loadtest/endpoint.hpp"

#include <arpa/inet.h>
#include <charconv>
#include <memory>
#include <netdb.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <fmt/format.h>

namespace howl::loadtest {
namespace {

constexpr std::uint16_t kHttpPort = 80;
constexpr std::size_t kConnectionsPerSource = 10'000;
constexpr std::size_t kSourcesMax = 200;
constexpr std::uint32_t kLoopbackNet = 127;

Result<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto parsed = std::from_chars(text.begin(), text.end(), port);
    if (parsed.ec != std::errc{} || parsed.ptr != text.end() || port == 0) {
        return fail(Errc::kInvalidConfig, "--url", fmt::format("bad port '{}'", text));
    }
    return port;
}

Result<in_addr> resolve(const std::string& host) {
    addrinfo hints{};
    hints.ai_family = AF_INET;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &found); error != 0) {
        return fail(Errc::kSystem, "--url",
                    fmt::format("cannot resolve '{}': {}", host, ::gai_strerror(error)));
    }
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner{found, ::freeaddrinfo};
    return reinterpret_cast<const sockaddr_in*>(found->ai_addr)->sin_addr;
}

}  // namespace

bool Endpoint::is_loopback() const noexcept {
    return (ntohl(address.sin_addr.s_addr) >> 24U) == kLoopbackNet;
}

Result<Endpoint> parse_endpoint(std::string_view url, Reach reach) {
    constexpr std::string_view kScheme = "http://";
    if (!url.starts_with(kScheme)) {
        return fail(Errc::kInvalidConfig, "--url", "a URL like http://127.0.0.1:8080 is needed");
    }
    std::string_view authority = url.substr(kScheme.size());
    if (authority.ends_with('/')) {
        authority.remove_suffix(1);
    }
    const std::size_t colon = authority.find(':');
    const std::string host{authority.substr(0, colon)};
    if (host.empty() || host.find_first_of("/?#@[]\r\n ") != std::string::npos) {
        return fail(Errc::kInvalidConfig, "--url", "only http://host:port is understood");
    }
    Endpoint endpoint{.address = {}, .authority = std::string{authority}};
    std::uint16_t port = kHttpPort;
    if (colon != std::string_view::npos) {
        HOWL_TRY(given, parse_port(authority.substr(colon + 1)));
        port = given;
    }
    HOWL_TRY(address, resolve(host));
    endpoint.address.sin_family = AF_INET;
    endpoint.address.sin_addr = address;
    endpoint.address.sin_port = htons(port);
    if (reach == Reach::kLoopbackOnly && !endpoint.is_loopback()) {
        return fail(Errc::kInvalidConfig, "--url",
                    fmt::format("{} is not this machine; --allow-remote permits it", host));
    }
    return endpoint;
}

Endpoint loopback_endpoint(std::uint16_t port) {
    Endpoint endpoint{.address = {}, .authority = fmt::format("127.0.0.1:{}", port)};
    endpoint.address.sin_family = AF_INET;
    endpoint.address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    endpoint.address.sin_port = htons(port);
    return endpoint;
}

sockaddr_in source_address(const Endpoint& endpoint, std::size_t connection) noexcept {
    sockaddr_in source{};
    source.sin_family = AF_INET;
    if (endpoint.is_loopback()) {
        const std::size_t index = (connection / kConnectionsPerSource) % kSourcesMax;
        source.sin_addr.s_addr = htonl(INADDR_LOOPBACK + static_cast<std::uint32_t>(index));
    }
    return source;
}

Result<void> require_descriptors(std::size_t descriptors) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return fail(Errc::kSystem, "descriptor limit");
    }
    if (limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        static_cast<void>(::setrlimit(RLIMIT_NOFILE, &limit));  // The result is checked below.
        static_cast<void>(::getrlimit(RLIMIT_NOFILE, &limit));
    }
    if (limit.rlim_cur < descriptors) {
        return fail(Errc::kSystem, "descriptor limit",
                    fmt::format("this run needs {} descriptors and the limit is {}: ask for fewer "
                                "connections, or raise `ulimit -n`",
                                descriptors, limit.rlim_cur));
    }
    return {};
}

}  // namespace howl::loadtest
