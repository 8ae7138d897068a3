// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/limits.hpp"
#include "base/result.hpp"
#include "base/utf8.hpp"
#include "codec/websocket/frame.hpp"

namespace howl::codec::websocket {

class Inflater;

enum class MessageKind : std::uint8_t { kText, kBinary };

/// A sink's answer to the reader. `kNo`: it has closed the session and wants nothing more.
enum class Continue : std::uint8_t { kNo, kYes };

/// Where a `MessageReader` puts what it has read.
/// Lifetime: the views are good only during the call. A call may neither feed nor destroy the
/// reader that made it.
class MessageSink {
public:
    virtual ~MessageSink() = default;
    /// A whole message, inflated; `kText` is valid UTF-8.
    [[nodiscard]] virtual Continue on_message(MessageKind kind, std::string_view payload) = 0;
    [[nodiscard]] virtual Continue on_ping(std::string_view payload) = 0;
    [[nodiscard]] virtual Continue on_pong(std::string_view payload) = 0;
    /// The last call: what the peer sends after its close frame is ignored. `code` may be sent
    /// back as it is; `kCloseNoStatus` when the frame had none. `reason` is valid UTF-8.
    virtual void on_close(std::uint16_t code, std::string_view reason) = 0;
};

struct ReaderLimits {
    /// Bytes of one message, also after inflating. Above: `kMessageTooBig`.
    std::size_t message_bytes_max = limits::kWsMessageBytesMax;
    /// Frames of one message, empty ones too. Above: `kTooManyFragments`.
    std::size_t fragments_max = limits::kWsFragmentsMax;
};

/// The inbound half of a WebSocket connection: bytes, cut anywhere, to checked messages.
///
/// Ten thousand idle connections must cost next to nothing, so the reader owns no read buffer: it
/// unmasks in the caller's (one per shard), and a message that arrives whole in one read reaches
/// the sink without a copy. Only what is incomplete at the end of a read is kept, and freed with
/// the message's last byte. This is the first step from a client's bytes to a command.
///
/// Deliberately absent: answers (pong, close), the handshake and every clock. The session must
/// bound the time of a message: start a deadline when `inside_message()` after a `feed`, stop it in
/// `on_message`.
class MessageReader {
public:
    /// `inflater` is null where permessage-deflate was not negotiated; one serves a whole shard.
    explicit MessageReader(Role role, ReaderLimits limits = {}, Inflater* inflater = nullptr)
        : limits_(limits), inflater_(inflater), role_(role) {}

    /// Takes what the peer sent next, and unmasks it in place. After an error, a close frame or a
    /// sink's `Continue::kNo` it ignores everything.
    /// Errors: `kProtocolError`, `kInvalidUtf8` (at the first bad byte of an uncompressed text;
    /// also for what does not inflate), `kMessageTooBig` (known from the header, before any
    /// allocation), `kTooManyFragments`. The row in `errors.def` has the close code.
    [[nodiscard]] Result<void> feed(std::span<char> bytes, MessageSink& sink);

    /// True from the header of a message's first frame to the last byte of its last.
    [[nodiscard]] bool inside_message() const noexcept { return fragments_ > 0; }
    /// Bytes held until their message or control frame is complete.
    [[nodiscard]] std::size_t buffered_bytes() const noexcept {
        return buffered_.size() + control_.size();
    }

private:
    enum class Phase : std::uint8_t { kHeader, kPayload, kFinished };
    enum class Progress : std::uint8_t { kIncomplete, kComplete };

    [[nodiscard]] Result<void> read(std::span<char> bytes, MessageSink& sink);
    [[nodiscard]] Result<Progress> take_header(std::span<char>& bytes);
    [[nodiscard]] Progress gather_header(std::span<char>& bytes, std::size_t size);
    [[nodiscard]] Result<void> check_start() const;
    [[nodiscard]] Result<void> check_data_start() const;
    [[nodiscard]] Result<void> check_length() const;
    void begin_frame();

    [[nodiscard]] Result<void> take_payload(std::span<char> piece, MessageSink& sink);
    [[nodiscard]] Result<void> take_control(std::string_view piece, MessageSink& sink);
    [[nodiscard]] Result<void> take_data(std::string_view piece, MessageSink& sink);
    [[nodiscard]] Result<void> deliver_close(std::string_view payload, MessageSink& sink);
    [[nodiscard]] Result<void> deliver_message(std::string_view payload, MessageSink& sink);
    void go_on(Continue answer);
    void finish();

    [[nodiscard]] Opcode opcode() const noexcept { return static_cast<Opcode>(header_[0] & 0x0FU); }
    [[nodiscard]] bool is_final() const noexcept { return (header_[0] & 0x80U) != 0; }
    [[nodiscard]] bool has_rsv1() const noexcept { return (header_[0] & 0x40U) != 0; }
    [[nodiscard]] std::size_t length_bytes() const noexcept;
    [[nodiscard]] std::uint64_t payload_length() const noexcept;
    [[nodiscard]] std::uint64_t wire_bytes_max(bool compressed) const noexcept;

    // Constant after construction.
    ReaderLimits limits_;
    Inflater* inflater_;

    // Shard-local state. `buffered_` is the message so far, `control_` the control frame so far:
    // the one may stand between two fragments of the other.
    std::string buffered_;
    std::string control_;
    std::uint64_t message_bytes_ = 0;  ///< Announced by the message's headers so far.
    std::size_t fragments_ = 0;        ///< Frames of the message so far; 0 outside a message.
    std::uint64_t payload_left_ = 0;
    std::uint64_t payload_taken_ = 0;
    std::array<std::uint8_t, 14> header_{};
    std::uint8_t header_size_ = 0;
    Role role_;
    MaskKey mask_{};
    Utf8Validator utf8_;
    Phase phase_ = Phase::kHeader;
    MessageKind kind_ = MessageKind::kText;
    bool compressed_ = false;
};

static_assert(sizeof(MessageReader) <= 160, "every idle connection holds one");

}  // namespace howl::codec::websocket
