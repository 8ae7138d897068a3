// SPDX-License-Identifier: Apache-2.0
// The pieces of configuration that the tests use, written once; `howl.example.toml` explains them.

/** The WebSocket echo endpoint, which only conformance tests switch on. */
export const echoDoor = '[doors]\necho = true\n';

export const deflate = '[websocket]\ndeflate = true\n';

/** `metrics/...` is kept in memory, its last 10 events for an hour. */
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

/** Several quotes a second, so that tests need not wait for them. */
export const hastyWolves = '[wisdom]\ntick = "300ms"\nidle_timeout = "1500ms"\n';

/** One more allowed origin. */
export const trustedOrigin = '[server]\nallowed_origins = ["https://app.example.com"]\n';

/** Requests to every name are answered. */
export const anyHost = '[server]\nhosts = ["*"]\n';

/** Room for 20 connections, also of one address. */
export const smallServer = '[limits]\nconnections = 20\naddress_share = 100\n';

/** A drain that a test can wait for. */
export const quickDrain = '[server]\ndrain_time = "5s"\n[sse]\ndrain_spread = "1s"\n';

/** Every timeout of the server is a second or less; the echo endpoint is on. */
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

const cloudWith = (more: string, toggleTime = '200ms') => `
[cloud]
operation_time = "300ms"
${more}
[cloud.toggle]
operation_time = "${toggleTime}"
`;

/** Operations end while a test waits for them. */
export const briskCloud = cloudWith('');

/** The endpoint `cloud-toggle` takes long to create an instance. */
export const slowToggle = cloudWith('', '2s');

/** Room for three instances. */
export const smallCloud = cloudWith('instances = 3');

/** Every operation of the cloud fails. */
export const failingCloud = cloudWith('simulated_failures = 100');

/** Operations in which a server can be killed and come back. */
export const slowCloud = '[cloud]\noperation_time = "2s"\n';

/** Many operations between two crashes. */
export const hastyCloud = '[cloud]\noperation_time = "150ms"\n';

/** For measuring the delivery of events, not the work. */
export const instantCloud = `
[cloud]
operation_time = "1ms"
[cloud.toggle]
operation_time = "1ms"
`;

/** A listener with everything, and one where an original client finds the endpoint `door` at its own path. */
export const originalPlace = (door: string) => `
[[listener]]
address = "127.0.0.1:0"
doors = ["portal", "api", "${door}"]
[[listener]]
address = "127.0.0.1:0"
doors = [{ name = "${door}", prefix = "/", allowed_origins = ["*"] }]
`;

/** A listener with the API, and one with endpoints at the paths of an original server. */
export const originalPlaceOf = (...doors: string[]) => `
[[listener]]
address = "127.0.0.1:0"
doors = ["portal", "api"]
[[listener]]
address = "127.0.0.1:0"
doors = ["${doors.join('", "')}"]
`;

/** Short graces: members leave the chat soon after their connection, and names are free soon. */
export const hastyChat = '[chat]\nleave_grace = "1s"\nname_lease = "1500ms"\n';
