// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/result.hpp"
#include "broker/record.hpp"
#include "runtime/shard.hpp"
#include "runtime/task.hpp"

namespace howl::broker {

/// Writes records to a broker (port).
/// Thread: any shard.
class RecordWriter {
public:
    virtual ~RecordWriter() = default;
    /// On the caller's `shard`; completes when all are confirmed or given up, with an error that
    /// may pass before one that will not. Cancel: waited for. Errors: `kBrokerUnavailable`;
    /// `kBodyTooLarge`, the brokers will never take it; `kOverloaded`; `kDraining`.
    [[nodiscard]] virtual runtime::Task<Result<void>> send_all(runtime::Shard& shard,
                                                               std::vector<OutRecord> records) = 0;
};

}  // namespace howl::broker
