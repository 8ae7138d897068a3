// SPDX-License-Identifier: Apache-2.0
#include <utility>
#include <vector>

#include "compat/cloud/cloud_commands_compat.hpp"
#include "compat/cloud/cloud_toggle_compat.hpp"
#include "products/product.hpp"

namespace howl::compat::cloud {

namespace {

using products::EndpointKind;
using products::Services;

constexpr std::string_view kCommands = "cloud-commands";
constexpr std::string_view kToggle = "cloud-toggle";

class RunningCloudCompat final : public products::RunningProduct {
public:
    explicit RunningCloudCompat(const Services& services) : app_(services.parts.get<CloudApp>()) {}

    void open_endpoint(transport::Router& router, products::EndpointPlace place) override {
        if (place.name == kCommands) {
            commands_
                .emplace_back(std::make_unique<CloudCommandsCompat>(app_, std::move(place.origins)))
                ->add_routes(router, place.prefix);
        } else {
            toggles_
                .emplace_back(std::make_unique<CloudToggleCompat>(app_, std::move(place.origins)))
                ->add_routes(router, place.prefix);
        }
    }

private:
    CloudApp& app_;
    std::vector<std::unique_ptr<const CloudCommandsCompat>> commands_;
    std::vector<std::unique_ptr<const CloudToggleCompat>> toggles_;
};

class CloudCompatProduct final : public products::Product {
public:
    [[nodiscard]] std::vector<EndpointKind> endpoints() const override {
        constexpr std::uint16_t kCommandsPort = 7070;
        constexpr std::uint16_t kTogglePort = 3000;
        return {{.name = kCommands,
                 .usual_prefix = "/compat/cloud-commands/",
                 .origins = EndpointKind::Origins::kOwnToo,
                 .original_port = kCommandsPort},
                {.name = kToggle,
                 .usual_prefix = "/compat/cloud-toggle/",
                 .origins = EndpointKind::Origins::kOwnToo,
                 .sockets = EndpointKind::Sockets::kOnAnyPath,
                 .original_port = kTogglePort}};
    }
    [[nodiscard]] Result<std::unique_ptr<products::RunningProduct>> build(
        const Services& services) const override {
        return std::make_unique<RunningCloudCompat>(services);
    }
};

}  // namespace

const products::Product& product() {
    static const CloudCompatProduct kProduct;
    return kProduct;
}

}  // namespace howl::compat::cloud
