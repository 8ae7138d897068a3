// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "codec/http/request.hpp"

/// Content negotiation: what a client accepts, what it has cached, and what it sends (RFC 9110
/// sections 8.3, 8.4, 12.5 and 13.1).
namespace howl::codec::http {

/// The values of all headers of that name, joined by commas (RFC 9110 section 5.3).
[[nodiscard]] std::string combined(const Request& request, std::string_view name);

/// True if `Accept` lets `type` through, such as `text/html`: of the ranges that match it the most
/// exact one decides, and a weight of 0 refuses. Without the header everything is taken. Parameters
/// of a range other than its weight don't matter, since no page of ours differs by one.
[[nodiscard]] bool takes_type(const Request& request, std::string_view type);

/// Which of `codings`, the best first, `Accept-Encoding` prefers; empty: the plain bytes. Those are
/// sent as well where the header refuses everything (RFC 9110 section 12.5.3 leaves it to us).
[[nodiscard]] std::string_view best_coding(const Request& request,
                                           std::span<const std::string_view> codings);

/// True if `If-None-Match` names `etag`, or `*`: the answer to a GET is 304. Tags are compared
/// weakly (RFC 9110 section 13.1.2): `W/"a"` and `"a"` are the same.
[[nodiscard]] bool has_etag(const Request& request, std::string_view etag);

/// Of `Content-Type`, without its parameters; empty if there is none.
[[nodiscard]] std::string_view media_type_of(const Request& request);
/// False for a body that a `Content-Encoding` says has to be decoded.
[[nodiscard]] bool is_sent_plainly(const Request& request);

}  // namespace howl::codec::http
