// SPDX-License-Identifier: Apache-2.0
#include "access/access_policy.hpp"

namespace howl::access {

namespace {

class AllowEverything final : public AccessPolicy {
public:
    [[nodiscard]] Result<void> check_topic(const Principal& /*who*/, TopicAction /*action*/,
                                           std::string_view /*topic*/) const override {
        return {};
    }
    [[nodiscard]] Result<void> check_pattern(const Principal& /*who*/,
                                             std::string_view /*pattern*/) const override {
        return {};
    }
    [[nodiscard]] Result<void> check_record(const Principal& /*who*/, std::string_view /*kind*/,
                                            std::string_view /*id*/) const override {
        return {};
    }
};

}  // namespace

const AccessPolicy& allow_everything() {
    static const AllowEverything kAllowEverything;
    return kAllowEverything;
}

}  // namespace howl::access
