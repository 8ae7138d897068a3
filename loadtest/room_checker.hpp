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

/// What all members of a room together have received. Only grows.
struct RoomCounts {
    std::uint64_t received = 0;    ///< Items of every kind.
    std::uint64_t deliveries = 0;  ///< Our messages at each member, doubles not included.
    std::uint64_t foreign = 0;     ///< Messages that we have not sent.
    std::uint64_t doubled = 0;
    std::uint64_t out_of_order = 0;
    std::uint64_t acknowledged = 0;
    /// A message with another offset than before (stored twice?), an ack that nobody waits for.
    std::uint64_t contradictions = 0;
    std::uint64_t resets = 0;
    std::uint64_t malformed = 0;
    std::map<std::string, std::uint64_t> errors{};  ///< By code.
};

/// Checks a room from what its members receive: whether each got every message once and in the
/// room's order, and with which latency. Knows no sockets.
class RoomChecker {
public:
    explicit RoomChecker(std::size_t members) : ledgers_(members) {}

    /// Requires: `stamp.number` is 1, then 2, and so on.
    void on_sent(ConnectionIndex sender, const Stamp& stamp);
    /// `member` has received `text`, at `nanos` on the clock of `Stamp::nanos`. A member's first
    /// snapshot says where its messages begin. Returns the parsed item, valid until the next call.
    const ChatItem& on_received(ConnectionIndex member, std::string_view text, std::uint64_t nanos);

    [[nodiscard]] const RoomCounts& counts() const noexcept { return counts_; }
    [[nodiscard]] std::uint64_t sent() const noexcept { return sent_messages_.size(); }
    /// Missing deliveries of all messages that were acknowledged or that one member got, to all
    /// members that had their snapshot.
    [[nodiscard]] std::uint64_t lost() const noexcept;
    /// From a sender's stamp to each member's receipt.
    [[nodiscard]] const Histogram& latencies() const noexcept { return latencies_; }
    /// From the stamp to the sender's receipt of the ack.
    [[nodiscard]] const Histogram& ack_latencies() const noexcept { return ack_latencies_; }
    /// When the last delivery came; 0: none has.
    [[nodiscard]] std::uint64_t last_delivery_nanos() const noexcept { return last_nanos_; }

private:
    enum class Acknowledged : std::uint8_t { kNo, kYes };

    struct SentMessage {
        ConnectionIndex sender;
        std::uint64_t nanos;
        std::uint64_t offset = 0;  ///< 0: not known yet.
        Acknowledged acknowledged = Acknowledged::kNo;
    };

    void on_message(ConnectionIndex member, const ChatItem& item, std::uint64_t nanos);
    void on_ack(ConnectionIndex member, const ChatItem& item, std::uint64_t nanos);
    void on_snapshot(ConnectionIndex member, const ChatItem& item);
    [[nodiscard]] SentMessage* find(std::uint64_t number) noexcept;
    void learn_offset(SentMessage& message, std::uint64_t offset) noexcept;

    ChatItemReader reader_;
    std::vector<std::optional<OffsetLedger>> ledgers_;  ///< Of each member since its snapshot.
    std::vector<SentMessage> sent_messages_;            ///< Number 1 first.
    std::uint64_t newest_offset_ = 0;  ///< Every member must receive all up to this.
    std::uint64_t last_nanos_ = 0;
    RoomCounts counts_;
    Histogram latencies_;
    Histogram ack_latencies_;
};

}  // namespace howl::loadtest
