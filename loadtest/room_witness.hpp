// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loadtest/chat_wire.hpp"
#include "loadtest/connection_crowd.hpp"
#include "loadtest/histogram.hpp"
#include "loadtest/offset_ledger.hpp"
#include "loadtest/payload.hpp"

namespace howl::loadtest {

/// What all members of a room together have seen. Only grows.
struct RoomCounts {
    std::uint64_t heard = 0;       ///< Items of every kind.
    std::uint64_t deliveries = 0;  ///< Our messages at each member, doubles not included.
    std::uint64_t foreign = 0;     ///< Messages that we have not sent.
    std::uint64_t doubled = 0;
    std::uint64_t out_of_order = 0;
    std::uint64_t acknowledged = 0;
    /// A message under another offset than before (stored twice?), an ack nobody waits for.
    std::uint64_t contradictions = 0;
    std::uint64_t resets = 0;
    std::uint64_t malformed = 0;
    std::map<std::string, std::uint64_t> errors{};  ///< By code.
};

/// Watches a room from all its members' places: hears what each of them hears, and knows whether
/// each got every message once and in the room's order, and how long that took. Knows no sockets.
class RoomWitness {
public:
    explicit RoomWitness(std::size_t members) : ledgers_(members) {}

    /// Requires: `stamp.number` is 1, then 2, and so on.
    void on_sent(ConnectionIndex sender, const Stamp& stamp);
    /// `member` has received `text`, at `nanos` on the clock of `Stamp::nanos`. A member's first
    /// snapshot says where its messages begin. What it was, good until the next call.
    const ChatItem& on_heard(ConnectionIndex member, std::string_view text, std::uint64_t nanos);

    [[nodiscard]] const RoomCounts& counts() const noexcept { return counts_; }
    [[nodiscard]] std::uint64_t sent() const noexcept { return sendings_.size(); }
    /// Deliveries that did not come, of all messages that were acknowledged or that one member got,
    /// to all members that had their snapshot.
    [[nodiscard]] std::uint64_t lost() const noexcept;
    /// From a sender's stamp to each member's receipt.
    [[nodiscard]] const Histogram& latencies() const noexcept { return latencies_; }
    /// From the stamp to the sender's receipt of the ack.
    [[nodiscard]] const Histogram& ack_latencies() const noexcept { return ack_latencies_; }
    /// When the last delivery came; 0: none has.
    [[nodiscard]] std::uint64_t last_delivery_nanos() const noexcept { return last_nanos_; }

private:
    enum class Acknowledged : std::uint8_t { kNo, kYes };

    struct Sending {
        ConnectionIndex sender;
        std::uint64_t nanos;
        std::uint64_t offset = 0;  ///< 0: not known yet.
        Acknowledged acknowledged = Acknowledged::kNo;
    };

    void on_message(ConnectionIndex member, const ChatItem& item, std::uint64_t nanos);
    void on_ack(ConnectionIndex member, const ChatItem& item, std::uint64_t nanos);
    void on_snapshot(ConnectionIndex member, const ChatItem& item);
    [[nodiscard]] Sending* find(std::uint64_t number) noexcept;
    void learn_offset(Sending& sending, std::uint64_t offset) noexcept;

    ChatItemReader reader_;
    std::vector<std::optional<OffsetLedger>> ledgers_;  ///< Of each member since its snapshot.
    std::vector<Sending> sendings_;                     ///< Number 1 first.
    std::uint64_t newest_offset_ = 0;                   ///< Every member has to get up to this.
    std::uint64_t last_nanos_ = 0;
    RoomCounts counts_;
    Histogram latencies_;
    Histogram ack_latencies_;
};

}  // namespace howl::loadtest
