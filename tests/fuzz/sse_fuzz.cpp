// SPDX-License-Identifier: Apache-2.0
// The SSE parser on raw bytes, and the encoder on whatever the parser made of them.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.hpp"
#include "codec/sse/encoder.hpp"
#include "codec/sse/parser.hpp"

namespace {

using namespace howl::codec::sse;

struct Seen {
    std::string type;
    std::string data;
    std::string last_event_id;

    bool operator==(const Seen&) const = default;
};

/// Reads a stream in pieces of `piece_bytes`.
std::vector<Seen> read(std::string_view stream, std::size_t piece_bytes) {
    Parser parser{{.line_bytes_max = 4096, .data_bytes_max = 4096}};
    std::vector<Seen> events;
    while (!stream.empty()) {
        std::string_view piece = stream.substr(0, piece_bytes);
        stream.remove_prefix(piece.size());
        for (;;) {
            const auto event = parser.next(piece);
            if (!event) {
                return events;
            }
            if (!*event) {
                break;
            }
            events.push_back({std::string{(*event)->type}, std::string{(*event)->data},
                              std::string{(*event)->last_event_id}});
        }
    }
    return events;
}

std::string encode(const Seen& event) {
    std::string out;
    append_event(out,
                 {.event = is_valid_field(event.type) ? event.type : std::string_view{},
                  .id = is_valid_id(event.last_event_id) ? event.last_event_id : std::string_view{},
                  .data = event.data});
    return out;
}

/// Any text as data gives one event, and encoding what was read changes nothing.
void check_round_trip(std::string_view data) {
    const auto events =
        read(encode({.type = "t", .data = std::string{data}, .last_event_id = "1"}), 7);
    if (events.empty()) {
        return;  // Over the parser's limits.
    }
    HOWL_ASSERT(events.size() == 1);
    HOWL_ASSERT(events.front().type == "t" && events.front().last_event_id == "1");
    HOWL_ASSERT(read(encode(events.front()), 4096) == events);
}

void check_comment(std::string_view text) {
    std::string out;
    append_comment(out, text);
    HOWL_ASSERT(read(out, 4096).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string stream(bytes, bytes + size);
    const auto events = read(stream, stream.size());
    HOWL_ASSERT(read(stream, 1) == events);
    HOWL_ASSERT(read(stream, 3) == events);
    for (const Seen& event : events) {
        check_round_trip(event.data);
    }
    check_round_trip(stream);
    check_comment(stream);
    return 0;
}
