// SPDX-License-Identifier: Apache-2.0
#include "loadtest/payload.hpp"

#include <chrono>

#include "base/assert.hpp"

namespace howl::loadtest {
namespace {

constexpr std::string_view kMarker = "~howl~";
constexpr std::size_t kNanosDigits = 19;
constexpr std::size_t kNumberDigits = 9;
constexpr std::size_t kNumberOffset = kMarker.size() + kNanosDigits + 1;
static_assert(kNumberOffset + kNumberDigits + 1 == kStampBytes);

void write_digits(char* at, std::size_t digits, std::uint64_t value) noexcept {
    for (std::size_t left = digits; left > 0; --left) {
        at[left - 1] = static_cast<char>('0' + value % 10);
        value /= 10;
    }
}

std::optional<std::uint64_t> read_digits(std::string_view text) noexcept {
    std::uint64_t value = 0;
    for (const char digit : text) {
        if (digit < '0' || digit > '9') {
            return std::nullopt;
        }
        value = value * 10 + static_cast<std::uint64_t>(digit - '0');
    }
    return value;
}

bool has_stamp_at(std::string_view event, std::size_t position) noexcept {
    return event.size() >= position + kStampBytes &&
           event.substr(position, kMarker.size()) == kMarker;
}

}  // namespace

std::uint64_t steady_nanos() noexcept {
    const auto since_start = std::chrono::steady_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(since_start).count());
}

void write_stamp(char* at, const Stamp& stamp) noexcept {
    kMarker.copy(at, kMarker.size());
    write_digits(at + kMarker.size(), kNanosDigits, stamp.nanos);
    at[kMarker.size() + kNanosDigits] = '-';
    write_digits(at + kNumberOffset, kNumberDigits, stamp.number);
    at[kStampBytes - 1] = '~';
}

std::string make_payload(std::size_t bytes, const Stamp& stamp) {
    HOWL_ASSERT(bytes >= kStampBytes);
    std::string payload(bytes, 'w');
    write_stamp(payload.data(), stamp);
    return payload;
}

std::optional<Stamp> StampFinder::find(std::string_view event) noexcept {
    if (!has_stamp_at(event, position_)) {
        const std::size_t found = event.find(kMarker);
        if (found == std::string_view::npos || !has_stamp_at(event, found)) {
            return std::nullopt;
        }
        position_ = found;
    }
    const std::string_view stamp = event.substr(position_, kStampBytes);
    const auto nanos = read_digits(stamp.substr(kMarker.size(), kNanosDigits));
    const auto number = read_digits(stamp.substr(kNumberOffset, kNumberDigits));
    if (!nanos || !number) {
        return std::nullopt;
    }
    return Stamp{*nanos, *number};
}

}  // namespace howl::loadtest
