// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "broker/flow.hpp"
#include "hub/topic_policy.hpp"
#include "products/product.hpp"
#include "server/config.hpp"

namespace howl::server {

/// The products' rules come first, so that no pattern of an operator reaches them.
[[nodiscard]] hub::TopicPolicies topic_policies_of(const Config& config);

/// All products at work: built in the order of the list, gone in the reverse order.
///
/// Thread: the server's, which is not a shard's.
class RunningProducts {
public:
    /// Errors: `Product::build`.
    [[nodiscard]] static Result<std::unique_ptr<RunningProducts>> build(
        const products::Services& services);
    ~RunningProducts();
    RunningProducts(const RunningProducts&) = delete;
    RunningProducts& operator=(const RunningProducts&) = delete;

    void add_api_routes(transport::Router& router);
    void add_portal_routes(transport::Router& router);
    void add_common_routes(transport::Router& router);
    /// Requires: a product offers it.
    void open_endpoint(transport::Router& router, const products::EndpointPlace& place);
    /// Null: no product has such a flow.
    [[nodiscard]] std::unique_ptr<broker::RecordFlow> make_flow(std::string_view flow,
                                                                const broker::SourceLink& source);

    /// As `products::RunningProduct`, of each.
    [[nodiscard]] Result<void> start();
    void begin_drain();
    void stop();

private:
    RunningProducts() = default;

    struct Entry {
        const products::Product* product;
        std::unique_ptr<products::RunningProduct> running;
    };

    std::vector<Entry> entries_;
};

}  // namespace howl::server
