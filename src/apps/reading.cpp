// SPDX-License-Identifier: Apache-2.0
#include "apps/reading.hpp"

#include <charconv>
#include <chrono>
#include <system_error>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace howl::apps {

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

std::string iso_time(WallTime time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                       (time - seconds).count());
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

}  // namespace howl::apps
