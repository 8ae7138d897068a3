// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "codec/http/request.hpp"
#include "hub/reader.hpp"

namespace howl::products {

/// Where the reader of a request wants to start.
///
/// The header `Last-Event-ID` is what a browser sends by itself when it reconnects; the query
/// parameter `lastEventId` is for the first connection of a page, which cannot set headers. The
/// header is newer, so it counts. Neither: from now on.
/// Errors: `kInvalidCursor`.
[[nodiscard]] Result<hub::StartPoint> start_point_of(const codec::http::Request& request);
/// The same for our own API, where a `Last-Event-ID` that can't be read, of a client that comes
/// from another server (`0`, `earliest`), leads to a reset: it would come again with every attempt,
/// so a refusal would never end. A `lastEventId` is somebody's own writing; errors:
/// `kInvalidCursor`.
[[nodiscard]] Result<hub::StartPoint> resume_point_of(const codec::http::Request& request);

/// `2026-11-21T09:51:46.551Z` (RFC 3339).
[[nodiscard]] std::string iso_time(WallTime time);
/// The moment that `iso_time` wrote; nothing for a text of any other form.
[[nodiscard]] std::optional<WallTime> parse_iso_time(std::string_view text);

/// A whole number in a query parameter. Errors: `kInvalidQuery` outside [`least`, `most`].
[[nodiscard]] Result<std::uint64_t> query_number(const codec::http::Request& request,
                                                 std::string_view name, std::uint64_t fallback,
                                                 std::uint64_t least, std::uint64_t most);

}  // namespace howl::products
