// SPDX-License-Identifier: Apache-2.0
#include "loadtest/room_checker.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace howl::loadtest {
namespace {

std::uint64_t span_between(std::uint64_t begin, std::uint64_t end) noexcept {
    return end - std::min(begin, end);
}

}  // namespace

void RoomChecker::on_sent(ConnectionIndex sender, const Stamp& stamp) {
    HOWL_ASSERT(stamp.number == sent_messages_.size() + 1);
    sent_messages_.push_back({.sender = sender, .nanos = stamp.nanos});
}

const ChatItem& RoomChecker::on_received(ConnectionIndex member, std::string_view text,
                                         std::uint64_t nanos) {
    ++counts_.received;
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

void RoomChecker::on_message(ConnectionIndex member, const ChatItem& item, std::uint64_t nanos) {
    newest_offset_ = std::max(newest_offset_, item.offset);
    auto& ledger = ledgers_[member.value()];
    // A message that comes before its member's snapshot is out of order too.
    const auto arrival = ledger ? ledger->take(item.offset) : OffsetLedger::Arrival::kOutOfOrder;
    if (arrival == OffsetLedger::Arrival::kDouble) {
        ++counts_.doubled;
        return;
    }
    counts_.out_of_order += arrival == OffsetLedger::Arrival::kOutOfOrder ? 1U : 0U;
    SentMessage* message = item.stamp ? find(item.stamp->number) : nullptr;
    if (message == nullptr || message->nanos != item.stamp->nanos) {
        ++counts_.foreign;
        return;
    }
    learn_offset(*message, item.offset);
    ++counts_.deliveries;
    last_nanos_ = nanos;
    latencies_.record(span_between(message->nanos, nanos));
}

void RoomChecker::on_ack(ConnectionIndex member, const ChatItem& item, std::uint64_t nanos) {
    SentMessage* message = find(*item.number);
    if (message == nullptr || message->sender != member ||
        message->acknowledged == Acknowledged::kYes) {
        ++counts_.contradictions;
        return;
    }
    newest_offset_ = std::max(newest_offset_, item.offset);
    learn_offset(*message, item.offset);
    message->acknowledged = Acknowledged::kYes;
    ++counts_.acknowledged;
    ack_latencies_.record(span_between(message->nanos, nanos));
}

void RoomChecker::on_snapshot(ConnectionIndex member, const ChatItem& item) {
    // A later one follows a reset: the messages before it were not delivered.
    if (auto& ledger = ledgers_[member.value()]; !ledger) {
        ledger.emplace(item.offset);
    }
}

RoomChecker::SentMessage* RoomChecker::find(std::uint64_t number) noexcept {
    return number >= 1 && number <= sent_messages_.size() ? &sent_messages_[number - 1] : nullptr;
}

void RoomChecker::learn_offset(SentMessage& message, std::uint64_t offset) noexcept {
    if (message.offset != 0 && message.offset != offset) {
        ++counts_.contradictions;
    }
    message.offset = offset;
}

std::uint64_t RoomChecker::lost() const noexcept {
    std::uint64_t lost = 0;
    for (const auto& ledger : ledgers_) {
        lost += ledger ? ledger->missing_until(newest_offset_) : 0;
    }
    return lost;
}

}  // namespace howl::loadtest
