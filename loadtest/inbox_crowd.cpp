// SPDX-License-Identifier: Apache-2.0
#include "loadtest/inbox_crowd.hpp"

#include <utility>

#include <fmt/format.h>

namespace howl::loadtest {

Result<std::unique_ptr<InboxCrowd>> InboxCrowd::create(CrowdOptions options,
                                                       std::vector<std::string> names) {
    HOWL_TRY(poller, create_poller());
    return std::unique_ptr<InboxCrowd>{
        new InboxCrowd{std::move(options), std::move(poller), std::move(names)}};
}

InboxCrowd::InboxCrowd(CrowdOptions options, Descriptor poller, std::vector<std::string> names)
    : ConnectionCrowd(std::move(options), std::move(poller)),
      names_(std::move(names)),
      ledgers_(names_.size(), OffsetLedger{0}) {}

std::string InboxCrowd::request_for(ConnectionIndex index) const {
    return fmt::format("GET /v3/sse?username={} HTTP/1.1\r\nHost: {}\r\n\r\n",
                       names_[index.value()], options().endpoint.authority);
}

void InboxCrowd::on_block(ConnectionIndex index, const SseBlock& block, std::string_view whole) {
    if (!block.data) {
        return;
    }
    const auto stamp = finder_.find(whole);
    if (!stamp) {
        ++counts_.unstamped;
        return;
    }
    switch (ledgers_[index.value()].take(stamp->number)) {
        case OffsetLedger::Arrival::kDouble:
            ++counts_.doubled;
            return;
        case OffsetLedger::Arrival::kOutOfOrder:
            ++counts_.out_of_order;
            break;
        case OffsetLedger::Arrival::kInOrder:
            break;
    }
    ++counts_.messages;
    latencies_.record(read_nanos() - stamp->nanos);
}

}  // namespace howl::loadtest
