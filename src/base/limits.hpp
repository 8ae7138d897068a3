// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Every bound of the server, its reason, and what happens when it is reached. Those that an
/// operator may change are defaults of `server/config.hpp`; the others are part of the protocol.
namespace howl::limits {

using namespace std::chrono_literals;

// --- HTTP. Reached: the reply named here, then the connection closes. ---

/// 431. Browsers send under 4 KiB; cookies of a neighbour app on localhost may add as much again.
inline constexpr std::size_t kHttpHeadBytesMax = 16 * 1024;
/// 431. Counted before a line is stored.
inline constexpr std::size_t kHttpHeaderLinesMax = 100;
/// 414. What proxies in front of us accept.
inline constexpr std::size_t kHttpTargetBytesMax = 8 * 1024;
/// 413. One event is at most `kEventBytesMax`; the rest is room for later doors.
inline constexpr std::size_t kHttpBodyBytesMax = 1024 * 1024;
/// 413. Everything of a chunked body that is not body; thousands of honest chunks stay below it.
inline constexpr std::size_t kHttpChunkOverheadBytesMax = 64 * 1024;
/// 408. From the first byte of a request to the last byte of its head (slow-header attack).
inline constexpr auto kHttpHeadTime = 10s;
/// 408. From the head to the last byte of the body (slow-body attack).
inline constexpr auto kHttpBodyTime = 30s;
/// Closes silently: an idle keep-alive connection holds a descriptor for nothing.
inline constexpr auto kHttpIdleTime = 60s;

// --- Events. Reached: 4xx with the code of `errors.def`. ---

/// 413 / close 1009. As Centrifugo's and OWASP's advice; larger things belong in a store.
inline constexpr std::size_t kEventBytesMax = 64 * 1024;
inline constexpr std::size_t kTopicNameBytesMax = 255;
inline constexpr std::size_t kEventTypeBytesMax = 64;
inline constexpr std::size_t kContentTypeBytesMax = 128;
inline constexpr std::size_t kIdempotencyKeyBytesMax = 64;
/// A retry within this time is recognised; promise 1 of the design says at least 5 minutes.
inline constexpr auto kIdempotencyWindow = 10min;
/// Keys remembered at most, oldest forgotten first: 10 min at 1,700 keyed publishes a second.
inline constexpr std::size_t kIdempotencyKeysMax = 1'000'000;

// --- Records. Reached: `bad_request`; a record's data is at most `kEventBytesMax`. ---

inline constexpr std::size_t kRecordKindBytesMax = 64;
inline constexpr std::size_t kRecordIdBytesMax = 255;
inline constexpr std::size_t kRecordOwnerBytesMax = 255;

// --- WebSocket. Reached: the close code named here. ---

/// 1009. One inbound message; the same as an event.
inline constexpr std::size_t kWsMessageBytesMax = kEventBytesMax;
/// 1008. Tiny fragments cost more than their bytes.
inline constexpr std::size_t kWsFragmentsMax = 64;
/// 1008. A message that never ends holds memory.
inline constexpr auto kWsMessageTime = 30s;
inline constexpr auto kWsPingInterval = 25s;
/// 1001. Without a pong after this the peer is dead.
inline constexpr auto kWsPongTime = 10s;
/// The TCP connection is dropped this long after our close frame.
inline constexpr auto kWsCloseTime = 5s;

// --- SSE ---

/// Proxies cut silent streams after 30-60 s.
inline constexpr auto kSseHeartbeat = 15s;
/// On the streams of pages, which tell from it that a stream is stale; well before proxies cut it.
inline constexpr auto kSsePageHeartbeat = 10s;
/// A bug of ours: a longer `Last-Event-ID` makes browsers send a CORS preflight (Fetch 2.2.2).
inline constexpr std::size_t kSseIdBytesMax = 100;
/// `message_too_big`, in our own clients: one line, or the data of one event, of any SSE server.
inline constexpr std::size_t kSseClientEventBytesMax = 1024 * 1024;
/// Unacknowledged bytes older than this mean a dead peer (TCP_USER_TIMEOUT).
inline constexpr auto kTcpUserTimeout = 20s;

// --- Output queue of one reader. Reached: closed with `slow`; it may resume. ---

inline constexpr std::size_t kOutputQueueBytesMax = 1024 * 1024;
inline constexpr std::size_t kOutputQueueFramesMax = 1024;
/// SO_SNDBUF; the kernel doubles it. Left to itself it grows to megabytes for a reader that has
/// stopped, which then looks alive for too long.
inline constexpr std::size_t kSocketSendBytes = 128 * 1024;
/// A reader whose queue has not moved for this long is slow, however short the queue. With the time
/// that it takes to fill the kernel's buffer it is gone within 10 s.
inline constexpr auto kOutputStallTime = 8s;

// --- Node ---

/// Assertion at start-up: the sequencer keeps one bit for each shard that reads a topic.
inline constexpr std::size_t kShardsMax = 64;
/// `too_many_subscriptions`.
inline constexpr std::size_t kTopicsPerSessionMax = 128;
/// `too_many_topics`: about 1 KB each in memory.
inline constexpr std::size_t kTopicsMax = 200'000;
/// 503. Below the usual 20,000-descriptor limit, with room for files.
inline constexpr std::size_t kConnectionsMax = 19'500;
/// Appends waiting for the disk; then 503 `overloaded`.
inline constexpr std::size_t kAppendQueueEventsMax = 50'000;
/// Reads of history waiting for the disk; then 503 `overloaded`. One for each connection.
inline constexpr std::size_t kReadQueueMax = 20'000;
/// Newest events kept in memory per lane, so that resuming clients read no disk.
inline constexpr std::size_t kWindowBytesMax = 64 * 1024 * 1024;
/// Events in one group commit; bounds the time that one transaction holds the writer.
inline constexpr std::size_t kCommitEventsMax = 4096;
inline constexpr std::size_t kHistoryPageMax = 1000;
inline constexpr auto kDrainTime = 30s;
/// A turn of a shard's loop longer than this is counted.
inline constexpr auto kTurnTime = 10ms;

static_assert(kEventBytesMax <= kHttpBodyBytesMax);
static_assert(kWsMessageBytesMax <= kOutputQueueBytesMax);
static_assert(kEventBytesMax < kSseClientEventBytesMax);
static_assert(kWsPongTime < kWsPingInterval);
static_assert(kConnectionsMax <= kReadQueueMax);

}  // namespace howl::limits
