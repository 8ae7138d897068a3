// SPDX-License-Identifier: Apache-2.0
#include "codec/websocket/message_reader.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "codec/websocket/deflate.hpp"

namespace howl::codec::websocket {
namespace {

constexpr std::size_t kStartBytes = 2;
constexpr std::uint8_t kLengthInTwoBytes = 126;
constexpr std::uint8_t kLengthInEightBytes = 127;

std::unexpected<Error> broken(std::string_view context) {
    return fail(Errc::kProtocolError, context);
}

constexpr bool is_known(Opcode opcode) {
    switch (opcode) {
        case Opcode::kContinuation:
        case Opcode::kText:
        case Opcode::kBinary:
        case Opcode::kClose:
        case Opcode::kPing:
        case Opcode::kPong:
            return true;
    }
    return false;
}

/// `piece` appended to `held`, which is left empty and without memory. Nothing held: no copy.
std::string_view join(std::string& held, std::string_view piece, std::string& whole) {
    if (held.empty()) {
        return piece;
    }
    held.append(piece);
    whole.swap(held);
    return whole;
}

}  // namespace

Result<void> MessageReader::feed(std::span<char> bytes, MessageSink& sink) {
    auto result = read(bytes, sink);
    if (!result) {
        finish();
    }
    return result;
}

Result<void> MessageReader::read(std::span<char> bytes, MessageSink& sink) {
    while (phase_ != Phase::kFinished) {
        if (phase_ == Phase::kHeader) {
            HOWL_TRY(progress, take_header(bytes));
            if (progress == Progress::kIncomplete) {
                return {};
            }
        }
        // An empty payload is complete without a further byte.
        if (bytes.empty() && payload_left_ > 0) {
            return {};
        }
        const auto size =
            static_cast<std::size_t>(std::min<std::uint64_t>(payload_left_, bytes.size()));
        HOWL_TRY_VOID(take_payload(bytes.first(size), sink));
        bytes = bytes.subspan(size);
    }
    return {};
}

// --- Header. A header cut into pieces is checked again with each; the checks change nothing. ---

Result<MessageReader::Progress> MessageReader::take_header(std::span<char>& bytes) {
    if (gather_header(bytes, kStartBytes) == Progress::kIncomplete) {
        return Progress::kIncomplete;
    }
    HOWL_TRY_VOID(check_start());
    const std::size_t unmasked_size = kStartBytes + length_bytes();
    if (gather_header(bytes, unmasked_size) == Progress::kIncomplete) {
        return Progress::kIncomplete;
    }
    HOWL_TRY_VOID(check_length());
    if (role_ == Role::kServer) {
        if (gather_header(bytes, unmasked_size + mask_.size()) == Progress::kIncomplete) {
            return Progress::kIncomplete;
        }
        std::memcpy(mask_.data(), header_.data() + unmasked_size, mask_.size());
    }
    begin_frame();
    return Progress::kComplete;
}

MessageReader::Progress MessageReader::gather_header(std::span<char>& bytes, std::size_t size) {
    if (header_size_ < size) {
        const std::size_t count = std::min(size - header_size_, bytes.size());
        std::copy_n(bytes.begin(), count, header_.begin() + header_size_);
        header_size_ = static_cast<std::uint8_t>(header_size_ + count);
        bytes = bytes.subspan(count);
    }
    return header_size_ < size ? Progress::kIncomplete : Progress::kComplete;
}

Result<void> MessageReader::check_start() const {
    constexpr std::uint8_t kRsv2AndRsv3 = 0x30;
    constexpr std::uint8_t kMaskBit = 0x80;
    if ((header_[0] & kRsv2AndRsv3) != 0) {
        return broken("websocket reserved bit");
    }
    if (!is_known(opcode())) {
        return broken("websocket reserved opcode");
    }
    if (((header_[1] & kMaskBit) != 0) != (role_ == Role::kServer)) {
        return broken("websocket masking");
    }
    if (!is_control(opcode())) {
        return check_data_start();
    }
    if (has_rsv1()) {
        return broken("websocket compressed control frame");
    }
    if (!is_final()) {
        return broken("websocket fragmented control frame");
    }
    if (length_bytes() > 0) {
        return broken("websocket long control frame");
    }
    return {};
}

Result<void> MessageReader::check_data_start() const {
    const bool continues = opcode() == Opcode::kContinuation;
    if (continues && !inside_message()) {
        return broken("websocket stray continuation");
    }
    if (!continues && inside_message()) {
        return broken("websocket message inside a message");
    }
    if (has_rsv1() && (continues || inflater_ == nullptr)) {
        return broken("websocket compression bit");
    }
    if (fragments_ >= limits_.fragments_max) {
        return fail(Errc::kTooManyFragments, "websocket fragments");
    }
    return {};
}

Result<void> MessageReader::check_length() const {
    const std::uint64_t length = payload_length();
    // RFC 6455 section 5.2: the shortest form, and the top bit of 64 is 0.
    const bool in_two_bytes_needlessly = length_bytes() == 2 && length < kLengthInTwoBytes;
    const bool in_eight_bytes_needlessly = length_bytes() == 8 && length <= 0xFFFF;
    if (in_two_bytes_needlessly || in_eight_bytes_needlessly || (length >> 63U) != 0) {
        return broken("websocket payload length");
    }
    if (is_control(opcode())) {
        return {};
    }
    const bool continues = opcode() == Opcode::kContinuation;
    const std::uint64_t held = continues ? message_bytes_ : 0;
    // Never negative: `held` has passed this check itself.
    if (length > wire_bytes_max(continues ? compressed_ : has_rsv1()) - held) {
        return fail(Errc::kMessageTooBig, "websocket message");
    }
    return {};
}

void MessageReader::begin_frame() {
    payload_left_ = payload_length();
    payload_taken_ = 0;
    phase_ = Phase::kPayload;
    if (is_control(opcode())) {
        return;
    }
    if (opcode() != Opcode::kContinuation) {
        kind_ = opcode() == Opcode::kText ? MessageKind::kText : MessageKind::kBinary;
        compressed_ = has_rsv1();
        message_bytes_ = 0;
        utf8_.reset();
    }
    message_bytes_ += payload_left_;
    ++fragments_;
}

std::size_t MessageReader::length_bytes() const noexcept {
    switch (header_[1] & 0x7FU) {
        case kLengthInTwoBytes:
            return 2;
        case kLengthInEightBytes:
            return 8;
        default:  // The length itself.
            return 0;
    }
}

std::uint64_t MessageReader::payload_length() const noexcept {
    std::uint64_t length = header_[1] & 0x7FU;
    if (length_bytes() > 0) {
        length = 0;
        for (std::size_t i = 0; i < length_bytes(); ++i) {
            length = (length << 8U) | header_[kStartBytes + i];
        }
    }
    return length;
}

std::uint64_t MessageReader::wire_bytes_max(bool compressed) const noexcept {
    const std::uint64_t limit = limits_.message_bytes_max;
    if (!compressed) {
        return limit;
    }
    // What cannot be compressed grows: by an eighth with the fixed code (RFC 1951 section 3.2.6),
    // by less in stored blocks, and by a few bytes of block headers.
    const std::uint64_t growth = limit / 8 + 64;
    return growth > std::numeric_limits<std::uint64_t>::max() - limit ? limit : limit + growth;
}

// --- Payload ---

Result<void> MessageReader::take_payload(std::span<char> piece, MessageSink& sink) {
    if (role_ == Role::kServer) {
        apply_mask(piece, mask_, payload_taken_);
    }
    payload_taken_ += piece.size();
    payload_left_ -= piece.size();
    if (payload_left_ == 0) {
        phase_ = Phase::kHeader;
        header_size_ = 0;
    }
    const std::string_view bytes{piece.data(), piece.size()};
    return is_control(opcode()) ? take_control(bytes, sink) : take_data(bytes, sink);
}

Result<void> MessageReader::take_control(std::string_view piece, MessageSink& sink) {
    if (payload_left_ > 0) {
        control_.append(piece);
        return {};
    }
    std::string whole;
    const std::string_view payload = join(control_, piece, whole);
    if (opcode() == Opcode::kClose) {
        return deliver_close(payload, sink);
    }
    go_on(opcode() == Opcode::kPing ? sink.on_ping(payload) : sink.on_pong(payload));
    return {};
}

Result<void> MessageReader::deliver_close(std::string_view payload, MessageSink& sink) {
    std::uint16_t code = kCloseNoStatus;
    std::string_view reason;
    if (!payload.empty()) {
        if (payload.size() == 1) {
            return broken("websocket half a close code");
        }
        code = static_cast<std::uint16_t>((static_cast<std::uint8_t>(payload[0]) << 8U) |
                                          static_cast<std::uint8_t>(payload[1]));
        reason = payload.substr(2);
        if (!is_valid_close_code(code)) {
            return broken("websocket close code");
        }
        if (!is_valid_utf8(reason)) {
            return fail(Errc::kInvalidUtf8, "websocket close reason");
        }
    }
    finish();
    sink.on_close(code, reason);
    return {};
}

Result<void> MessageReader::take_data(std::string_view piece, MessageSink& sink) {
    const bool is_last = payload_left_ == 0 && is_final();
    if (kind_ == MessageKind::kText && !compressed_) {
        if (!utf8_.feed(piece) || (is_last && !utf8_.complete())) {
            return fail(Errc::kInvalidUtf8, "websocket text");
        }
    }
    if (!is_last) {
        buffered_.append(piece);
        return {};
    }
    fragments_ = 0;
    std::string whole;
    return deliver_message(join(buffered_, piece, whole), sink);
}

Result<void> MessageReader::deliver_message(std::string_view payload, MessageSink& sink) {
    if (!compressed_) {
        go_on(sink.on_message(kind_, payload));
        return {};
    }
    HOWL_TRY(message, inflater_->inflate(payload, limits_.message_bytes_max));
    if (kind_ == MessageKind::kText && !is_valid_utf8(message)) {
        return fail(Errc::kInvalidUtf8, "websocket compressed text");
    }
    go_on(sink.on_message(kind_, message));
    return {};
}

void MessageReader::go_on(Continue answer) {
    if (answer == Continue::kNo) {
        finish();
    }
}

void MessageReader::finish() {
    phase_ = Phase::kFinished;
    fragments_ = 0;
    // Unlike an assignment, a swap gives the memory back.
    std::string{}.swap(buffered_);
    std::string{}.swap(control_);
}

}  // namespace howl::codec::websocket
