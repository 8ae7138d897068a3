// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "base/result.hpp"
#include "products/cloud/instance.hpp"

namespace howl::products::cloud {

/// Does the work behind an operation (port): the simulator of the original servers, later a real
/// cloud.
/// Thread: the cloud app's home shard.
class InstanceProvider {
public:
    using Done = std::move_only_function<void(Result<void>)>;

    virtual ~InstanceProvider() = default;

    /// Performs `instance.operation`. After a restart it is called again for what was not finished,
    /// with the same operation id: a provider must not do the same work twice. `done` is called at
    /// most once, in a later turn or in this one; an error means that the instance is as it was.
    virtual void perform(const Instance& instance, Done done) = 0;
    /// Forgets what is in work; no `done` comes any more.
    virtual void stop() = 0;
};

}  // namespace howl::products::cloud
