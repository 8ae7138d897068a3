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
/// 413. One event is at most `kEventBytesMax`; the rest is room for later endpoints.
inline constexpr std::size_t kHttpBodyBytesMax = 1024 * 1024;
/// 413. Everything of a chunked body that is not body; thousands of honest chunks stay below it.
inline constexpr std::size_t kHttpChunkOverheadBytesMax = 64 * 1024;
/// 408. From the first byte of a request to the last byte of its head (slow-header attack).
inline constexpr auto kHttpHeadTime = 10s;
/// 408. From the head to the last byte of the body (slow-body attack).
inline constexpr auto kHttpBodyTime = 30s;
/// Closes silently: an idle keep-alive connection holds a descriptor for nothing.
inline constexpr auto kHttpIdleTime = 60s;

/// A peer may still be sending after its last reply; we read on and discard, since most clients
/// send a whole body before they read. Each of these ends it: nginx's time, a silence in which an
/// honest peer would have closed, and more bytes than an honest client sends.
inline constexpr auto kHttpLingerTime = 30s;
inline constexpr auto kHttpLingerIdleTime = 5s;
inline constexpr std::size_t kHttpLingerBytesMax = 64 * 1024 * 1024;

// --- Events. Reached: 4xx with the code of `errors.def`. ---

/// 413 / close 1009. As Centrifugo's and OWASP's advice; larger things belong in a store.
inline constexpr std::size_t kEventBytesMax = 64 * 1024;
inline constexpr std::size_t kTopicNameBytesMax = 255;
inline constexpr std::size_t kEventTypeBytesMax = 64;
inline constexpr std::size_t kContentTypeBytesMax = 128;
inline constexpr std::size_t kIdempotencyKeyBytesMax = 64;
/// A retry within this time is recognised (docs/API.md, promise 1): longer than clients try again.
inline constexpr auto kIdempotencyWindow = 10min;
/// 429. Keys remembered at most, each for the whole window: 1,700 keyed publishes a second. Some of
/// them are reserved for Howl's own topics (`hub::TopicRank`).
inline constexpr std::size_t kIdempotencyKeysMax = 1'000'000;
/// 429. The same for one publisher, so that nobody can use them up alone.
inline constexpr std::size_t kIdempotencyKeysPerPublisherMax = 200'000;

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
/// The TCP connection is dropped this long after our last frame, unless the peer still takes bytes.
inline constexpr auto kWsCloseTime = 5s;
/// A peer that is slow, but reads, may take this long to reach our last frame: at 10 kB/s what the
/// kernel holds for it (`kSocketSendBytes`, doubled) takes 26 s. Then the connection is cut.
inline constexpr auto kSlowCloseTime = 60s;

// --- SSE ---

/// Proxies cut silent streams after 30-60 s.
inline constexpr auto kSseHeartbeat = 15s;
/// On the streams of pages, which detect a stale stream by it; well before proxies cut it.
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
/// that it takes to fill the kernel's buffer it is closed within 10 s.
inline constexpr auto kOutputStallTime = 8s;

// --- Node ---

/// `cannot read`: a configuration file, or one that it names; more is a mistake in a path.
inline constexpr std::size_t kSettingsFileBytesMax = 16 * 1024 * 1024;

/// Assertion at start-up: the sequencer keeps one bit for each shard that reads a topic.
inline constexpr std::size_t kShardsMax = 64;
/// `too_many_subscriptions`.
inline constexpr std::size_t kTopicsPerSessionMax = 128;
/// `too_many_patterns`.
inline constexpr std::size_t kPatternsPerSessionMax = 16;
/// 503 `overloaded`. Different patterns that are read at a time on the whole node: an event of a
/// topic that had none for a while is compared with each, at some 20 ns.
inline constexpr std::size_t kPatternsMax = 4096;
/// `pattern_too_wide`. Names that one look for the topics of a reader's patterns may come past,
/// about 1 ms, and topics with something to catch up with that it may find.
inline constexpr std::size_t kPatternNamesScannedMax = 10'000;
inline constexpr std::size_t kTopicsPerReplayMax = 1024;
/// Then all of them are forgotten, and found again as they are needed. Topics of a shard that are
/// read by patterns only, each with the patterns that match it.
inline constexpr std::size_t kMatchedTopicsCachedMax = 16'384;
/// 400. Topics of one event.
inline constexpr std::size_t kTopicsPerEventMax = 16;
/// `too_many_topics`: about 1 KB each in memory. Some of them are reserved for Howl's own topics
/// (`hub::TopicRank`).
inline constexpr std::size_t kTopicsMax = 200'000;
/// The answer is cut and says so (`more`). Bytes of data in one answer with many items; it has at
/// least one item. A page of this size takes a shard a few milliseconds.
inline constexpr std::size_t kPageBytesMax = 1024 * 1024;
/// The same for one step of a replay.
inline constexpr std::size_t kReplayBytesMax = 256 * 1024;
/// 503 `overloaded` for requests that come then. Output of all peers together that waits in our
/// memory; leaves room for the windows in a container of 512 MiB.
inline constexpr std::size_t kOutputBytesMax = 128 * 1024 * 1024;
/// 503 `overloaded` for the requests that have been coming in for longest; a WebSocket is cut.
/// Unfinished requests and messages of all peers together.
inline constexpr std::size_t kInputBytesMax = 64 * 1024 * 1024;
/// 503. Below the usual 20,000-descriptor limit, with room for files.
inline constexpr std::size_t kConnectionsMax = 19'500;
/// 503. Of 100 connections, those of one address, so that no single client can take them all.
inline constexpr std::size_t kAddressSharePercent = 75;
/// Beyond `kConnectionsMax`, for `/healthz`, `/readyz` and `/metrics` only: the operator of a full
/// server must be able to see it. Reached: the connection is closed with 503, its request unread.
inline constexpr std::size_t kProbeConnectionsMax = 16;
/// Such a connection must send its request within this time, and lingers no longer after its reply.
inline constexpr auto kProbeHeadTime = 2s;
/// Appends waiting for the disk; then 503 `overloaded`.
inline constexpr std::size_t kAppendQueueEventsMax = 50'000;
/// Disk space reserved for deleting: a purge of some thousand events writes less than this before
/// it frees any. Where it is not enough, 507.
inline constexpr std::size_t kSpaceReserveBytes = 2 * 1024 * 1024;
/// Reads of history waiting for the disk; then 503 `overloaded`. One for each connection.
inline constexpr std::size_t kReadQueueMax = 20'000;
/// Newest events kept in memory per lane, so that resuming clients read no disk.
inline constexpr std::size_t kWindowBytesMax = 64 * 1024 * 1024;
/// Events in one group commit; bounds the time that one transaction holds the writer.
inline constexpr std::size_t kCommitEventsMax = 4096;
inline constexpr std::size_t kHistoryPageMax = 1000;
/// Then what is left is cut, so that the process ends within the 10 s that container engines and
/// others wait before they kill. Kafka may need longer: see docs/OPERATIONS.md, Start and stop.
inline constexpr auto kDrainTime = 8s;
/// 503 `draining`. Time for the rest of a request at shutdown: once for its head, once for its
/// body.
inline constexpr auto kDrainRequestTime = 3s;
/// More is given back to the kernel. What the process may hold beyond what is in use: code, and
/// room for the next burst.
inline constexpr std::size_t kFreeHeapBytesMax = 48 * 1024 * 1024;
/// Counted together as `other`. Sets of label values of all histograms, 2 KB for each thread; three
/// times as many as there are routes.
inline constexpr std::size_t kMetricSeriesMax = 256;
/// A turn of a shard's loop longer than this is counted.
inline constexpr auto kTurnTime = 10ms;

static_assert(kEventBytesMax <= kHttpBodyBytesMax);
static_assert(kWsMessageBytesMax <= kOutputQueueBytesMax);
static_assert(kEventBytesMax < kSseClientEventBytesMax);
static_assert(kWsPongTime < kWsPingInterval);
static_assert(kConnectionsMax <= kReadQueueMax);
static_assert(kDrainRequestTime < kDrainTime && kWsCloseTime < kDrainTime);

}  // namespace howl::limits
