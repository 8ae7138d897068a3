// SPDX-License-Identifier: Apache-2.0
// Any bytes through the WebSocket reader, twice: at once, and cut into pieces. Both must say the
// same. The first byte picks the role, compression, limits and the size of the pieces.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "base/utf8.hpp"
#include "codec/websocket/deflate.hpp"
#include "codec/websocket/message_reader.hpp"

namespace {

using namespace howl::codec::websocket;

void require(bool condition) {
    if (!condition) {
        std::abort();
    }
}

constexpr ReaderLimits kSmallLimits{.message_bytes_max = 300, .fragments_max = 4};

/// Keeps what it is given, and checks what a sink may rely on.
class CheckingSink final : public MessageSink {
public:
    explicit CheckingSink(std::size_t bytes_max) : bytes_max_(bytes_max) {}

    Continue on_message(MessageKind kind, std::string_view payload) override {
        require(payload.size() <= bytes_max_);
        require(kind == MessageKind::kBinary || howl::is_valid_utf8(payload));
        return note(kind == MessageKind::kText ? 't' : 'b', payload);
    }
    Continue on_ping(std::string_view payload) override { return note_control('i', payload); }
    Continue on_pong(std::string_view payload) override { return note_control('o', payload); }
    void on_close(std::uint16_t code, std::string_view reason) override {
        require(code == kCloseNoStatus || is_valid_close_code(code));
        require(howl::is_valid_utf8(reason));
        static_cast<void>(note_control('c', std::to_string(code).append(reason)));
        closed_ = true;
    }

    std::vector<std::string> transcript;

private:
    Continue note_control(char kind, std::string_view payload) {
        require(payload.size() <= kControlPayloadBytesMax + 2);
        return note(kind, payload);
    }

    Continue note(char kind, std::string_view payload) {
        require(!closed_);
        transcript.push_back(std::string(1, kind).append(payload));
        return payload == "stop" ? Continue::kNo : Continue::kYes;
    }

    std::size_t bytes_max_;
    bool closed_ = false;
};

Inflater& inflater() {
    static Inflater shared;
    return shared;
}

std::vector<std::string> read(std::string bytes, std::uint8_t choice, std::size_t piece_size) {
    const Role role = (choice & 1U) != 0 ? Role::kClient : Role::kServer;
    const ReaderLimits limits = (choice & 4U) != 0 ? kSmallLimits : ReaderLimits{};
    MessageReader reader{role, limits, (choice & 2U) != 0 ? &inflater() : nullptr};
    CheckingSink sink{limits.message_bytes_max};
    std::span<char> rest{bytes};
    while (!rest.empty()) {
        const auto piece = rest.first(std::min(piece_size, rest.size()));
        rest = rest.subspan(piece.size());
        if (const auto result = reader.feed(piece, sink); !result) {
            sink.transcript.emplace_back(result.error().entry().name);
            require(reader.buffered_bytes() == 0 && !reader.inside_message());
        }
        // A compressed message may be an eighth longer than the limit, and a control frame stand
        // inside it.
        require(reader.buffered_bytes() <= limits.message_bytes_max * 9 / 8 + 64 + 125);
    }
    return sink.transcript;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::uint8_t choice = data[0];
    const std::string bytes{data + 1, data + size};
    const std::size_t piece_size = 1U + (choice >> 3U);
    require(read(bytes, choice, bytes.size() + 1) == read(bytes, choice, piece_size));
    return 0;
}
