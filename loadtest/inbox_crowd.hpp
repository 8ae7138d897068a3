// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "loadtest/connection_crowd.hpp"
#include "loadtest/histogram.hpp"
#include "loadtest/offset_ledger.hpp"
#include "loadtest/payload.hpp"

namespace howl::loadtest {

/// Users who read their inboxes on `/v3/sse`, one connection each. Every message carries a stamp
/// whose number grows by one with each message to that user, from 1.
class InboxCrowd final : public ConnectionCrowd {
public:
    struct Counts {
        std::uint64_t messages = 0;  ///< Each of a user's numbers once.
        std::uint64_t doubled = 0;
        std::uint64_t out_of_order = 0;
        std::uint64_t unstamped = 0;
    };

    /// User `n` is called `names[n]`. `options.connections` is their number.
    [[nodiscard]] static Result<std::unique_ptr<InboxCrowd>> create(CrowdOptions options,
                                                                    std::vector<std::string> names);

    [[nodiscard]] const Counts& counts() const noexcept { return counts_; }
    /// From the stamp, when the message was written to Kafka, to its arrival.
    [[nodiscard]] const Histogram& latencies() const noexcept { return latencies_; }

private:
    InboxCrowd(CrowdOptions options, Descriptor poller, std::vector<std::string> names);

    [[nodiscard]] std::string request_for(ConnectionIndex index) const override;
    void on_message(ConnectionIndex, const WsFrame&, std::string_view) override {}  // SSE only.
    void on_block(ConnectionIndex index, const SseBlock& block, std::string_view whole) override;

    const std::vector<std::string> names_;
    std::vector<OffsetLedger> ledgers_;
    StampFinder finder_;
    Counts counts_;
    Histogram latencies_;
};

}  // namespace howl::loadtest
