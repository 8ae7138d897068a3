// SPDX-License-Identifier: Apache-2.0
// The pieces of configuration that the tests use, written once; `howl.example.toml` explains them.

/** The WebSocket echo door, which only conformance tests switch on. */
export const echoDoor = '[doors]\necho = true\n';

export const deflate = '[websocket]\ndeflate = true\n';

/** `metrics/...` lives in memory, its last 10 events for an hour. */
export const volatileMetrics = `
[[topics]]
pattern = "metrics/*"
durable = false
history_count = 10
history_age = "1h"
`;

/** `short/...` keeps 10 events, on disk. */
export const shortHistory = `
[[topics]]
pattern = "short/*"
history_count = 10
`;

/** `archive/...` keeps everything that a test may write. */
export const longHistory = `
[[topics]]
pattern = "archive/*"
history_count = 1000000
history_age = "24h"
`;

/** The wolves speak several times a second, so that tests need not wait for them. */
export const hastyWolves = '[wisdom]\ntick = "300ms"\nidle_timeout = "1500ms"\n';

/** One more page that may talk to us. */
export const trustedOrigin = '[server]\nallowed_origins = ["https://app.example.com"]\n';

/** Room for 20 connections. */
export const smallServer = '[limits]\nconnections = 20\n';

/** A drain that a test can wait for. */
export const quickDrain = '[server]\ndrain_time = "5s"\n[sse]\ndrain_spread = "1s"\n';

/** Every patience of the server is a second or less; the echo door is open. */
export const impatience = `
[doors]
echo = true
[websocket]
ping_interval = "300ms"
pong_timeout = "250ms"
message_time = "1s"
[sse]
heartbeat = "200ms"
[limits]
head_time = "1s"
body_time = "1s"
idle_time = "1s"
`;
