// SPDX-License-Identifier: Apache-2.0
#include "server/config_check.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <variant>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/format.h>

#include "broker/kafka/consumer.hpp"
#include "broker/kafka/kafka_service.hpp"
#include "registry/products.hpp"
#include "server/descriptors.hpp"
#include "server/listen_address.hpp"
#include "server/stores.hpp"
#include "storage/dynamodb/credentials.hpp"
#include "storage/dynamodb/curl_loop.hpp"
#include "transport/http/host_rule.hpp"

namespace howl::server {

namespace fs = std::filesystem;
using boost::asio::ip::tcp;

namespace {

std::unexpected<Error> wrong(std::string what) {
    return fail(Errc::kInvalidConfig, "configuration", std::move(what));
}

/// Whether this machine has the address, and lets us have the port (below 1024 it may not). A port
/// that is in use is good, since that may be the server itself.
Result<void> check_assignable(const tcp::endpoint& endpoint) {
    boost::asio::io_context io{1};
    tcp::acceptor probe{io};
    boost::system::error_code error;
    probe.open(endpoint.protocol(), error);
    if (!error) {
        probe.set_option(tcp::acceptor::reuse_address{true}, error);
    }
    if (!error) {
        probe.bind(endpoint, error);
    }
    if (error && error != boost::asio::error::address_in_use) {
        return wrong(fmt::format("{}: {}", show_address(endpoint), error.message()));
    }
    return {};
}

/// Whether `[::]` stands for the IPv4 addresses too: the system's setting `bindv6only`.
bool ipv6_takes_ipv4() {
    boost::asio::io_context io{1};
    tcp::acceptor probe{io};
    boost::system::error_code error;
    boost::asio::ip::v6_only only;
    probe.open(tcp::v6(), error);
    if (!error) {
        probe.get_option(only, error);
    }
    return !error && !only.value();
}

/// True if a listener at `every` leaves nothing of that port for `other`.
bool takes_whole(const tcp::endpoint& every, const tcp::endpoint& other) {
    const auto address = every.address();
    return every.port() == other.port() && address.is_unspecified() &&
           (address.is_v6() == other.address().is_v6() || (address.is_v6() && ipv6_takes_ipv4()));
}

bool collide(const tcp::endpoint& one, const tcp::endpoint& other) {
    return one == other || takes_whole(one, other) || takes_whole(other, one);
}

Result<tcp::endpoint> check_address(const Config& config, const std::string& address) {
    HOWL_TRY(endpoint, parse_listen_address(address));
    HOWL_TRY_VOID(check_exposure(
        endpoint, config.allow_remote ? RemoteAccess::kAllowed : RemoteAccess::kRefused));
    HOWL_TRY_VOID(check_assignable(endpoint));
    return endpoint;
}

/// A directory that can be written, or that can be made.
Result<void> check_data_dir(const std::string& data_dir) {
    if (data_dir.empty()) {
        return wrong("a directory's name, or ':memory:', is expected");
    }
    std::error_code error;
    auto at = fs::absolute(data_dir, error);
    while (!error && !fs::exists(at, error) && at != at.parent_path()) {
        at = at.parent_path();
    }
    if (error || !fs::is_directory(at, error)) {
        return wrong(fmt::format("'{}': {} is no directory", data_dir, at.string()));
    }
    if (::access(at.c_str(), W_OK | X_OK) != 0) {
        return wrong(fmt::format("'{}': cannot write to {}: {}", data_dir, at.string(),
                                 std::generic_category().message(errno)));
    }
    return {};
}

Result<void> check_dynamodb(const Config& config) {
    namespace dynamodb = storage::dynamodb;
    const auto& settings = config.dynamodb;
    HOWL_TRY_VOID(dynamodb::CurlLoop::check(settings));
    HOWL_TRY(credentials,
             dynamodb::load_credentials(settings.credentials_file, &dynamodb::process_environment));
    return {};
}

/// Looks at one part after the other and keeps what is wrong.
class Inspection {
public:
    explicit Inspection(const Config& config) : config_(config) {}

    ConfigFaults run() {
        look_at_listeners();
        look_at_names();
        if (config_.data_dir != kMemoryDataDir) {
            note("server.data_dir", check_data_dir(config_.data_dir));
        }
        look_at_products();
        if (!dynamo_tables(config_, TablesOf::kChosen).empty()) {
            note("dynamodb.credentials_file", check_dynamodb(config_));
        }
        look_at_kafka();
        note("limits.connections", connections_that_fit(config_));
        return std::move(faults_);
    }

private:
    template <class T>
    void note(const std::string& setting, const Result<T>& result) {
        if (!result) {
            const auto& error = result.error();
            faults_.push_back({config_.places.of(setting),
                               error.detail.empty() ? error.describe() : error.detail});
        }
    }

    void look_at_listeners() {
        std::vector<tcp::endpoint> taken;
        for (std::size_t i = 0; i < config_.listeners.size(); ++i) {
            const auto& listener = config_.listeners[i];
            const auto place = fmt::format("listener[{}]", i);
            const auto address = check_address(config_, listener.address);
            note(place, address);
            for (const auto& endpoint : listener.endpoints) {
                look_at_origins(place, endpoint.allowed_origins);
            }
            if (!address || address->port() == 0) {
                continue;
            }
            const auto has_it = [&](const auto& other) { return collide(other, *address); };
            if (std::ranges::any_of(taken, has_it)) {
                note(place, Result<void>{wrong(
                                fmt::format("another listener has {} already", listener.address))});
            }
            taken.push_back(*address);
        }
    }

    void look_at_products() {
        for (const auto* product : registry::products()) {
            for (const auto& fault : product->faults(config_.products)) {
                note(fault.setting, Result<void>{std::unexpected(fault.error)});
            }
            for (const auto& section : product->settings()) {
                look_at_origins(section);
            }
        }
    }

    void look_at_origins(const products::SettingsSection& section) {
        for (const auto& row : section.rows) {
            if (row.key == "allowed_origins") {
                look_at_origins(fmt::format("{}.{}", section.name, row.key),
                                std::get<std::vector<std::string>>(row.get(config_.products)));
            }
        }
    }

    void look_at_names() {
        look_at_origins("server.allowed_origins", config_.allowed_origins);
        for (const auto& name : config_.hosts) {
            note("server.hosts", check_host_name(name));
        }
    }

    void look_at_origins(const std::string& setting, const std::vector<std::string>& origins) {
        for (const auto& origin : origins) {
            note(setting, check_origin(origin));
        }
    }

    void look_at_kafka() {
        const auto& kafka = config_.kafka;
        if (kafka.brokers.empty()) {
            return;
        }
        note("kafka.properties_file", broker::kafka::check_clients(kafka));
        for (std::size_t i = 0; i < kafka.sources.size(); ++i) {
            const auto place = fmt::format("kafka.source[{}]", i);
            note(place, broker::kafka::check_source(kafka.sources[i], kafka.sources));
            note(place, broker::kafka::KafkaService::check_source(kafka.sources[i]));
        }
    }

    const Config& config_;
    ConfigFaults faults_;
};

}  // namespace

ConfigFaults faults_of(const Config& config) {
    return Inspection{config}.run();
}

Result<void> check_origin(std::string_view origin) {
    if (origin == "*" || origin == "null") {
        return {};
    }
    const auto url = boost::urls::parse_uri(origin);
    if (!url || url->host().empty()) {
        return wrong(fmt::format("'{}' is no origin like 'https://app.example.com'", origin));
    }
    boost::urls::url written{*url};
    written.normalize_scheme().normalize_authority();
    const bool is_default_port =
        (url->scheme_id() == boost::urls::scheme::https && url->port() == "443") ||
        (url->scheme_id() == boost::urls::scheme::http && url->port() == "80");
    if (is_default_port || (url->has_port() && url->port().empty())) {
        written.remove_port();
    }
    written.remove_userinfo().remove_query().remove_fragment().set_path("");
    if (std::string_view{written.buffer()} != origin) {
        return wrong(fmt::format("'{}' matches no page: browsers write this origin as '{}'", origin,
                                 std::string_view{written.buffer()}));
    }
    return {};
}

Result<void> check_host_name(std::string_view name) {
    if (name == "*") {
        return {};
    }
    const auto text = fmt::format("http://{}", name);  // The parsed URL is a view of it.
    const auto url = boost::urls::parse_uri(text);
    if (!url || std::string_view{url->encoded_host()} != name || name.empty() ||
        name.contains('%')) {
        return wrong(fmt::format(
            "'{}' is no host name like 'howl.example.com', without scheme and port", name));
    }
    // A dot at its end is cut off what a request says (`transport::name_of_host`).
    if (const auto plain = transport::name_of_host(name); plain != name) {
        return wrong(fmt::format("'{}' matches no request: write it as '{}'", name, plain));
    }
    return {};
}

}  // namespace howl::server
