// SPDX-License-Identifier: Apache-2.0
#include "products/echo/echo_api.hpp"
#include "products/product.hpp"

namespace howl::products::echo {

namespace {

class RunningEcho final : public RunningProduct {
public:
    explicit RunningEcho(const Services& services) : services_(services) {}

    void add_common_routes(transport::Router& router) override {
        if (services_.settings.of<EchoSettings>().echo) {
            add_routes(router, services_.response_policy);
        }
    }

private:
    const Services services_;
};

class EchoProduct final : public Product {
public:
    [[nodiscard]] std::vector<SettingsSection> settings() const override {
        return {{.name = "doors",
                 .documentation = "Doors that are off by default",
                 .rows = {setting("echo", &EchoSettings::echo,
                                  "/compat/echo sends every WebSocket message back, for "
                                  "conformance suites.")},
                 .place = SettingsSection::Place::kLast}};
    }
    [[nodiscard]] Result<std::unique_ptr<RunningProduct>> build(
        const Services& services) const override {
        return std::make_unique<RunningEcho>(services);
    }
};

}  // namespace

const Product& product() {
    static const EchoProduct kProduct;
    return kProduct;
}

}  // namespace howl::products::echo
