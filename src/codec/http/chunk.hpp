// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

/// The chunked transfer coding (RFC 9112 section 7.1) as a server writes it: a body whose length is
/// not known yet, of which each piece can be read when it arrives. `ChunkedDecoder` reads it.
namespace howl::codec::http {

/// `body` with its size before it and CRLF after it. Nothing for an empty body, because a chunk of
/// no bytes would be the last.
[[nodiscard]] std::string as_chunk(std::string_view body);

/// The chunk that ends a body, without trailers.
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace howl::codec::http
