// SPDX-License-Identifier: Apache-2.0
#include "products/reading.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <ctime>
#include <system_error>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace howl::products {

Result<hub::StartPoint> start_point_of(const codec::http::Request& request) {
    std::string text{request.header("Last-Event-ID")};
    if (text.empty()) {
        text = request.query_value("lastEventId").value_or("");
    }
    if (text.empty()) {
        return hub::FromNow{};
    }
    HOWL_TRY(cursor, hub::Cursor::parse(text));
    return cursor;
}

Result<hub::StartPoint> resume_point_of(const codec::http::Request& request) {
    auto start = start_point_of(request);
    if (!start && !request.header("Last-Event-ID").empty()) {
        const Epoch of_nobody{"0"};  // Epochs of ours have eight letters.
        return hub::Cursor{.epochs = {of_nobody, of_nobody}, .sequences = {}};
    }
    return start;
}

std::string iso_time(WallTime time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                       fmt::gmtime(std::time_t{seconds.time_since_epoch().count()}),
                       (time - seconds).count());
}

std::optional<WallTime> parse_iso_time(std::string_view text) {
    constexpr std::string_view kForm = "0000-00-00T00:00:00.000Z";
    const auto fits = [](char form, char letter) {
        return form == '0' ? letter >= '0' && letter <= '9' : letter == form;
    };
    if (!std::ranges::equal(kForm, text, fits)) {
        return std::nullopt;
    }
    const auto number = [text](std::size_t at, std::size_t count) {
        unsigned value = 0;
        for (const char digit : text.substr(at, count)) {
            value = value * 10 + static_cast<unsigned>(digit - '0');
        }
        return value;
    };
    const std::chrono::year_month_day day{std::chrono::year{static_cast<int>(number(0, 4))},
                                          std::chrono::month{number(5, 2)},
                                          std::chrono::day{number(8, 2)}};
    const auto hour = number(11, 2);
    const auto minute = number(14, 2);
    const auto second = number(17, 2);
    if (!day.ok() || hour > 23 || minute > 59 || second > 59) {
        return std::nullopt;
    }
    return std::chrono::sys_days{day} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
           std::chrono::seconds{second} + std::chrono::milliseconds{number(20, 3)};
}

Result<std::uint64_t> query_number(const codec::http::Request& request, std::string_view name,
                                   std::uint64_t fallback, std::uint64_t least,
                                   std::uint64_t most) {
    const auto text = request.query_value(name);
    if (!text) {
        return fallback;
    }
    std::uint64_t number = 0;
    const char* const end = text->data() + text->size();
    const auto [stop, error] = std::from_chars(text->data(), end, number);
    if (error != std::errc{} || stop != end || number < least || number > most) {
        return fail(Errc::kInvalidQuery, "query",
                    fmt::format("{} is a whole number from {} to {}", name, least, most));
    }
    return number;
}

}  // namespace howl::products
