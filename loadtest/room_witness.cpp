// SPDX-License-Identifier: Apache-2.0
#include "loadtest/room_witness.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace howl::loadtest {
namespace {

std::uint64_t span_between(std::uint64_t begin, std::uint64_t end) noexcept {
    return end - std::min(begin, end);
}

}  // namespace

void RoomWitness::on_sent(ConnectionIndex sender, const Stamp& stamp) {
    HOWL_ASSERT(stamp.number == sendings_.size() + 1);
    sendings_.push_back({.sender = sender, .nanos = stamp.nanos});
}

const ChatItem& RoomWitness::on_heard(ConnectionIndex member, std::string_view text,
                                      std::uint64_t nanos) {
    ++counts_.heard;
    const ChatItem& item = reader_.read(text);
    switch (item.kind) {
        case ChatItemKind::kMessage:
            on_message(member, item, nanos);
            break;
        case ChatItemKind::kAck:
            on_ack(member, item, nanos);
            break;
        case ChatItemKind::kSnapshot:
            on_snapshot(member, item);
            break;
        case ChatItemKind::kError:
        case ChatItemKind::kRefused:
            ++counts_.errors[item.code];
            break;
        case ChatItemKind::kReset:
            ++counts_.resets;
            break;
        case ChatItemKind::kMalformed:
            ++counts_.malformed;
            break;
        case ChatItemKind::kOther:
            break;
    }
    return item;
}

void RoomWitness::on_message(ConnectionIndex member, const ChatItem& item, std::uint64_t nanos) {
    newest_offset_ = std::max(newest_offset_, item.offset);
    auto& ledger = ledgers_[member.value()];
    // A message that comes before its member's snapshot is in the wrong place too.
    const auto arrival = ledger ? ledger->take(item.offset) : OffsetLedger::Arrival::kOutOfOrder;
    if (arrival == OffsetLedger::Arrival::kDouble) {
        ++counts_.doubled;
        return;
    }
    counts_.out_of_order += arrival == OffsetLedger::Arrival::kOutOfOrder ? 1U : 0U;
    Sending* sending = item.stamp ? find(item.stamp->number) : nullptr;
    if (sending == nullptr || sending->nanos != item.stamp->nanos) {
        ++counts_.foreign;
        return;
    }
    learn_offset(*sending, item.offset);
    ++counts_.deliveries;
    last_nanos_ = nanos;
    latencies_.record(span_between(sending->nanos, nanos));
}

void RoomWitness::on_ack(ConnectionIndex member, const ChatItem& item, std::uint64_t nanos) {
    Sending* sending = find(*item.number);
    if (sending == nullptr || sending->sender != member ||
        sending->acknowledged == Acknowledged::kYes) {
        ++counts_.contradictions;
        return;
    }
    newest_offset_ = std::max(newest_offset_, item.offset);
    learn_offset(*sending, item.offset);
    sending->acknowledged = Acknowledged::kYes;
    ++counts_.acknowledged;
    ack_latencies_.record(span_between(sending->nanos, nanos));
}

void RoomWitness::on_snapshot(ConnectionIndex member, const ChatItem& item) {
    // A later one follows a reset: what it jumps over was not delivered.
    if (auto& ledger = ledgers_[member.value()]; !ledger) {
        ledger.emplace(item.offset);
    }
}

RoomWitness::Sending* RoomWitness::find(std::uint64_t number) noexcept {
    return number >= 1 && number <= sendings_.size() ? &sendings_[number - 1] : nullptr;
}

void RoomWitness::learn_offset(Sending& sending, std::uint64_t offset) noexcept {
    if (sending.offset != 0 && sending.offset != offset) {
        ++counts_.contradictions;
    }
    sending.offset = offset;
}

std::uint64_t RoomWitness::lost() const noexcept {
    std::uint64_t lost = 0;
    for (const auto& ledger : ledgers_) {
        lost += ledger ? ledger->missing_until(newest_offset_) : 0;
    }
    return lost;
}

}  // namespace howl::loadtest
