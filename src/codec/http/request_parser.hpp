// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "base/limits.hpp"
#include "base/result.hpp"
#include "codec/http/framing_guard.hpp"
#include "codec/http/request.hpp"

namespace howl::codec::http {

/// What one request may cost.
struct RequestLimits {
    HeadLimits head;
    /// Bytes of the body. Reached: `kBodyTooLarge`, before the first byte over it is read.
    std::size_t body_bytes_max = limits::kHttpBodyBytesMax;
};

inline constexpr RequestLimits kDefaultRequestLimits;

/// Turns the bytes of one connection into requests, one after another.
///
/// A head passes `FramingGuard` first and Beast's parser second, so that both must accept it; the
/// guard alone decides where a body ends. Between requests it holds nothing on the heap: ten
/// thousand idle keep-alive connections cost a few words each.
///
/// Errors: those of `FramingGuard`, `parse_target` and `ChunkedDecoder`, and `kBodyTooLarge`. All
/// of them end the connection: after a bad request the start of the next one is unknown.
class RequestParser {
public:
    /// What the peer is sending, so that the connection runs the right deadline.
    enum class Stage : std::uint8_t { kIdle, kHead, kBody, kComplete, kFailed };
    enum class Progress : std::uint8_t { kNeedMore, kComplete };
    struct Fed {
        std::size_t consumed = 0;  ///< All of the bytes, or fewer with `kComplete`.
        Progress progress = Progress::kNeedMore;
    };

    explicit RequestParser(const RequestLimits& limits = kDefaultRequestLimits);
    RequestParser(RequestParser&&) noexcept;
    RequestParser& operator=(RequestParser&&) noexcept;
    ~RequestParser();

    /// Takes what belongs to the current request; the rest, from a peer that pipelines, stays with
    /// the caller, who feeds it again after `take`. After an error it returns that error again.
    [[nodiscard]] Result<Fed> feed(std::string_view bytes);
    /// Hands out the request and goes back to `kIdle`.
    /// Requires: `stage()` is `kComplete`.
    [[nodiscard]] Request take();

    [[nodiscard]] Stage stage() const noexcept;
    /// True while the peer waits for `100 Continue` before it sends the body (RFC 9110 section
    /// 10.1.1), until the first byte of the body comes. The caller answers once.
    [[nodiscard]] bool wants_continue() const noexcept;

private:
    struct Pending;

    Result<std::size_t> feed_head(std::string_view bytes);
    Result<void> finish_head(std::string_view head, const HeadFraming& framing);
    Result<std::size_t> feed_body(std::string_view bytes);
    Result<std::size_t> feed_stages(std::string_view bytes);

    // Constant after construction.
    const RequestLimits* limits_;

    // Shard-local state.
    std::unique_ptr<Pending> pending_;  ///< Null while idle.
    std::optional<Errc> failure_;
};

}  // namespace howl::codec::http
