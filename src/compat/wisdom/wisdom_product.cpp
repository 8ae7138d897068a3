// SPDX-License-Identifier: Apache-2.0
#include "compat/wisdom/wisdom_compat.hpp"
#include "products/product.hpp"

namespace howl::compat::wisdom {

namespace {

using products::EndpointKind;
using products::Services;

class RunningWisdomCompat final : public products::RunningProduct {
public:
    explicit RunningWisdomCompat(const Services& services)
        : response_policy_(services.response_policy),
          endpoint_(services.settings.of<WisdomSettings>()) {}

    void open_endpoint(transport::Router& router, products::EndpointPlace place) override {
        endpoint_.add_routes(router, response_policy_, place.prefix);
    }

private:
    const transport::ResponsePolicy& response_policy_;
    const WisdomCompat endpoint_;
};

class WisdomCompatProduct final : public products::Product {
public:
    [[nodiscard]] std::vector<EndpointKind> endpoints() const override {
        constexpr std::uint16_t kOriginalPort = 8000;
        return {{.name = "wisdom", .usual_prefix = "/wisdom/", .original_port = kOriginalPort}};
    }
    [[nodiscard]] Result<std::unique_ptr<products::RunningProduct>> build(
        const Services& services) const override {
        return std::make_unique<RunningWisdomCompat>(services);
    }
};

}  // namespace

const products::Product& product() {
    static const WisdomCompatProduct kProduct;
    return kProduct;
}

}  // namespace howl::compat::wisdom
