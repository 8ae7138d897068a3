// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, test } from "vitest";
import { FakeBrowser, FakeTime, FakeWebSocket } from "./fakesForTest";
import type { Refusal } from "./refusal";
import { Socket, type SocketOptions } from "./socket";

let time: FakeTime;
let browser: FakeBrowser;
let plugs: FakeWebSocket[];
let received: string[];
let asked: string[];
let refusal: Refusal | null;

beforeEach(() => {
  time = new FakeTime();
  browser = new FakeBrowser();
  plugs = [];
  received = [];
  asked = [];
  refusal = null;
});

const ping = { every: 10_000, text: '{"type":"ping"}', isPong: (text: string) => text.includes("pong") };

function started(options: Partial<SocketOptions> = {}): Socket {
  const socket = new Socket({
    environment: time,
    browser,
    url: () => "/ws",
    onOpen: () => received.push("open"),
    onMessage: (text) => received.push(text),
    onClose: () => received.push("close"),
    open: (url) => {
      const made = new FakeWebSocket(url);
      plugs.push(made);
      return made;
    },
    lookUpRefusal: async (url) => {
      asked.push(url);
      return refusal;
    },
    ...options,
  });
  socket.start();
  return socket;
}
function remote(): FakeWebSocket {
  const last = plugs.at(-1);
  if (!last) {
    throw new Error("nothing was opened");
  }
  return last;
}
/** It closes before it was open. */
async function refuse(): Promise<void> {
  remote().closeByServer();
  await Promise.resolve();
}
const at = (socket: Socket) => socket.transport.status.getState();

describe("a socket", () => {
  test("opens, receives and sends", () => {
    const socket = started();
    expect(at(socket).state).toBe("connecting");
    remote().accept();
    remote().receive("hello");
    expect(socket.send("hi")).toBe(true);
    expect(remote().sent).toEqual(["hi"]);
    expect(received).toEqual(["open", "hello"]);
    expect(at(socket).state).toBe("live");
  });
  test("keeps nothing that it cannot send", () => {
    const socket = started();
    expect(socket.send("too early")).toBe(false);
    remote().accept();
    remote().readyState = 2; // Closing, and the event has not come yet.
    expect(socket.send("too late")).toBe(false);
    remote().closeByServer();
    expect(socket.send("gone")).toBe(false);
    time.pass(250);
    remote().accept();
    expect(plugs.flatMap(({ sent }) => sent)).toEqual([]);
  });
  test("comes back after a drop; every open has its close", async () => {
    const socket = started();
    remote().accept();
    remote().closeByServer();
    expect(at(socket)).toMatchObject({ state: "retrying", retryAt: time.now() + 250 });
    time.pass(250);
    await refuse(); // Never opened, so nothing was closed.
    time.pass(500);
    remote().accept();
    expect(received).toEqual(["open", "close", "open"]);
  });
  test("waits 1 to 3 s for a server that restarts", () => {
    const socket = started();
    remote().accept();
    remote().closeByServer(1012);
    expect(at(socket)).toMatchObject({ state: "retrying", restarting: true, retryAt: time.now() + 2_000 });
  });
  test("is blocked by a refusal, and starts again on request", () => {
    const socket = started();
    remote().accept();
    remote().closeByServer(1008, "unknown_token");
    expect(at(socket)).toMatchObject({ state: "blocked", reason: "unknown_token" });
    time.pass(60_000);
    expect(plugs).toHaveLength(1);
    socket.start();
    expect(plugs).toHaveLength(2);
  });
  test("that is stopped closes, reports it, and receives no more", () => {
    const socket = started();
    const only = remote();
    only.accept();
    socket.stop();
    only.receive("late");
    only.closeByServer();
    expect(only.closedByUs).toBe(true);
    expect(received).toEqual(["open", "close"]);
    expect(at(socket).state).toBe("idle");
    expect(time.timersRunning).toBe(0);
  });
  test("that is reopened ends the old conversation and begins a new one", () => {
    const socket = started();
    remote().accept();
    socket.reopen();
    remote().accept();
    expect(plugs).toHaveLength(2);
    expect(received).toEqual(["open", "close", "open"]);
  });
  test("takes from the session what was recovered", () => {
    const socket = started();
    remote().accept();
    remote().closeByServer();
    time.pass(250);
    remote().accept();
    socket.recovered(3, true);
    expect(at(socket).recovery).toMatchObject({ events: 3, outage: 250, complete: true });
  });
});

describe("a socket that closes before it is open", () => {
  test("asks its path why, and is blocked where that is refused for good", async () => {
    refusal = { code: "origin_refused", forGood: true, retryAfter: 0 };
    const socket = started({ url: () => "wss://example.com/ws" });
    await refuse();
    expect(asked).toEqual(["https://example.com/ws"]);
    expect(at(socket)).toMatchObject({ state: "blocked", reason: "origin_refused" });
    time.pass(60_000);
    expect(plugs).toHaveLength(1);
  });
  test("tries again where nobody refuses it, and not before the server wants it", async () => {
    const socket = started();
    await refuse();
    expect(at(socket)).toMatchObject({ state: "retrying", retryAt: time.now() + 250 });
    time.pass(250);
    refusal = { code: "overloaded", forGood: false, retryAfter: 5000 };
    await refuse();
    expect(at(socket)).toMatchObject({ state: "retrying", retryAt: time.now() + 5000 });
  });
  test("does not wait for the answer for ever", () => {
    const socket = started({ lookUpRefusal: () => new Promise(() => {}) });
    remote().closeByServer();
    time.pass(10_250);
    expect([at(socket).state, plugs.length]).toEqual(["retrying", 2]);
  });
  test("is not asked about where it was stopped meanwhile", async () => {
    refusal = { code: "http_403", forGood: true, retryAfter: 0 };
    const socket = started();
    remote().closeByServer();
    socket.stop();
    await Promise.resolve();
    expect(at(socket).state).toBe("idle");
  });
});

describe("a socket that pings", () => {
  test("does so after a second and then in its interval, and takes the time to the pong", () => {
    const socket = started({ ping });
    remote().accept();
    time.pass(1_000 + 38);
    remote().receive('{"type":"pong"}');
    expect(at(socket).rtt).toBe(38);
    time.pass(10_000);
    expect(remote().sent).toEqual([ping.text, ping.text]);
  });
  test("sends what the opening requires first", () => {
    const socket: Socket = started({ ping, onOpen: () => socket.send("register") });
    remote().accept();
    time.pass(1_000);
    expect(remote().sent).toEqual(["register", ping.text]);
  });
  test("does not ping where the opening ended it", () => {
    const socket: Socket = started({ ping, onOpen: () => socket.stop() });
    remote().accept();
    expect(remote().sent).toEqual([]);
    expect(time.timersRunning).toBe(0);
  });
  test("does not take another message for the pong", () => {
    const socket = started({ ping });
    remote().accept();
    remote().receive("hello");
    expect(at(socket).rtt).toBeNull();
  });
  test("does not take an unasked pong for an answer", () => {
    const socket = started({ ping });
    remote().accept();
    time.pass(1_000);
    remote().receive("pong");
    time.pass(5_000);
    remote().receive("pong");
    expect(at(socket).rtt).toBe(0);
  });
  test("counts a late pong from the first ping that it may answer", () => {
    const socket = started({ ping });
    remote().accept();
    time.pass(1_000 + 12_000);
    remote().receive("pong");
    expect(at(socket).rtt).toBe(12_000);
  });
  test("gives up on a server that answers nothing for four intervals", () => {
    const socket = started({ ping });
    remote().accept();
    time.pass(25_000);
    expect(at(socket).state).toBe("stale");
    time.pass(15_000);
    expect(at(socket).state).toBe("retrying");
    expect(received).toEqual(["open", "close"]);
  });
  test("asks at once when the tab is shown", () => {
    started({ ping });
    remote().accept();
    time.pass(1_000);
    remote().receive("pong");
    browser.show();
    expect(remote().sent).toHaveLength(2);
  });
  test("stops with the connection", () => {
    started({ ping });
    remote().accept();
    time.pass(1_000);
    remote().closeByServer();
    const [first] = plugs;
    time.pass(30_000);
    expect(first?.sent).toEqual([ping.text]);
  });
});

test("without pings a socket may be silent for ever", () => {
  const socket = started();
  remote().accept();
  time.pass(3_600_000);
  expect(at(socket).state).toBe("live");
});
