// SPDX-License-Identifier: Apache-2.0
#include "hub/cursor.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

#include <fmt/format.h>

namespace howl::hub {
namespace {

/// Cuts the part before the next dot off `rest`.
std::string_view next_part(std::string_view& rest) {
    const auto dot = std::min(rest.find('.'), rest.size());
    const auto part = rest.substr(0, dot);
    rest.remove_prefix(std::min(dot + 1, rest.size()));
    return part;
}

Result<Sequence> parse_sequence(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) {
        return fail(Errc::kInvalidCursor, "cursor");
    }
    return Sequence{number};
}

}  // namespace

Result<Epoch> parse_epoch(std::string_view text) {
    constexpr std::size_t kEpochBytesMax = 16;
    const auto is_epoch_letter = [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
    };
    if (text.empty() || text.size() > kEpochBytesMax ||
        !std::ranges::all_of(text, is_epoch_letter)) {
        return fail(Errc::kInvalidCursor, "epoch");
    }
    return Epoch{std::string{text}};
}

std::string Cursor::text() const {
    return fmt::format("{}.{}.{}.{}", epochs.durable.value(), sequences.durable.value(),
                       epochs.volatile_lane.value(), sequences.volatile_lane.value());
}

Result<Cursor> Cursor::parse(std::string_view text) {
    if (std::ranges::count(text, '.') != 3) {
        return fail(Errc::kInvalidCursor, "cursor");
    }
    Cursor cursor;
    for (const Lane lane : kLanes) {
        HOWL_TRY(epoch, parse_epoch(next_part(text)));
        HOWL_TRY(sequence, parse_sequence(next_part(text)));
        cursor.epochs[lane] = std::move(epoch);
        cursor.sequences[lane] = sequence;
    }
    return cursor;
}

}  // namespace howl::hub
