// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, test } from "vitest";
import { EventStream } from "./eventStream";
import { FakeBrowser, FakeEventSource, FakeTime } from "./fakesForTest";
import type { Refusal } from "./refusal";

let time: FakeTime;
let sources: FakeEventSource[];
let received: string[];
let answer: (refusal: Refusal | null) => void;
let asked: AbortSignal[];
let stream: EventStream;

beforeEach(() => {
  time = new FakeTime();
  sources = [];
  received = [];
  asked = [];
  stream = new EventStream({
    environment: time,
    browser: new FakeBrowser(),
    heartbeat: 10_000,
    url: () => `/api/events?attempt=${sources.length + 1}`,
    names: ["message", "hb"],
    onOpen: () => received.push("open"),
    onEvent: (name, data, id) => received.push(`${name} ${data} ${id}`),
    open: (url) => {
      sources.push(new FakeEventSource(url));
      return source();
    },
    lookUpRefusal: (_url, signal) => {
      asked.push(signal);
      return new Promise((resolve) => {
        answer = resolve;
      });
    },
  });
});

const at = () => stream.transport.status.getState();
function source(): FakeEventSource {
  const last = sources.at(-1);
  if (!last) {
    throw new Error("nothing was opened");
  }
  return last;
}
async function refuseWith(refusal: Refusal | null): Promise<void> {
  source().refuse();
  answer(refusal);
  await Promise.resolve();
}

describe("an event stream", () => {
  test("is live once it is open, and hands over what has the names it was asked for", () => {
    stream.start();
    expect(at().state).toBe("connecting");
    source().accept();
    expect(at().state).toBe("live");
    source().receive("message", "one", "a.1.b.1");
    source().receive("hb", "{}", "a.1.b.1");
    source().receive("other", "x");
    expect(received).toEqual(["open", "message one a.1.b.1", "hb {} a.1.b.1"]);
  });
  test("comes back with a new object and a new URL, by our waiting and not the browser's", () => {
    stream.start();
    source().accept();
    source().drop();
    expect(sources[0]?.readyState).toBe(2);
    expect(at()).toMatchObject({ state: "retrying", retryAt: time.now() + 250 });
    time.pass(250);
    expect(sources.map(({ url }) => url)).toEqual(["/api/events?attempt=1", "/api/events?attempt=2"]);
  });
  test("ignores events of an EventSource that was replaced", () => {
    stream.start();
    const [first] = sources;
    first?.accept();
    stream.reopen();
    received = [];
    first?.receive("message", "late", "");
    first?.drop();
    expect(received).toEqual([]);
    expect(sources).toHaveLength(2);
    expect(at().state).toBe("live");
  });
  test("takes silence for a loss, and any event for a sign of life", () => {
    stream.start();
    source().accept();
    time.pass(24_000);
    source().receive("hb");
    time.pass(24_999);
    expect(at().state).toBe("live");
    time.pass(1);
    expect(at().state).toBe("stale");
    time.pass(15_000);
    expect(at().state).toBe("retrying");
  });
  test("that is stopped closes its object", () => {
    stream.start();
    source().accept();
    stream.stop();
    expect(source().readyState).toBe(2);
    expect(at().state).toBe("idle");
    expect(time.timersRunning).toBe(0);
  });
});

describe("an answer that is no stream", () => {
  test("of the 4xx blocks, with the server's code", async () => {
    stream.start();
    await refuseWith({ code: "invalid_topic", forGood: true, retryAfter: 0 });
    expect(at()).toMatchObject({ state: "blocked", reason: "invalid_topic" });
  });
  test("of a busy server is tried again when it said", async () => {
    stream.start();
    await refuseWith({ code: "too_many_connections", forGood: false, retryAfter: 3_000 });
    expect(at()).toMatchObject({ state: "retrying", restarting: false, retryAt: time.now() + 3_000 });
  });
  test("of a server that goes down is a restart", async () => {
    stream.start();
    await refuseWith({ code: "draining", forGood: false, retryAfter: 0 });
    expect(at()).toMatchObject({ state: "retrying", restarting: true, retryAt: time.now() + 2_000 });
  });
  test("that cannot be asked for again is a loss like any other", async () => {
    stream.start();
    await refuseWith(null);
    expect(at()).toMatchObject({ state: "retrying", retryAt: time.now() + 250 });
  });
  test("is of no interest any more once the stream was stopped", async () => {
    stream.start();
    source().refuse();
    stream.stop();
    expect(asked[0]?.aborted).toBe(true);
    answer({ code: "invalid_topic", forGood: true, retryAfter: 0 });
    await Promise.resolve();
    expect(at().state).toBe("idle");
  });
});

test("a server that says that it restarts is waited for", () => {
  stream.start();
  source().accept();
  stream.restarting(4_000);
  expect(at()).toMatchObject({ state: "retrying", restarting: true, retryAt: time.now() + 4_000 });
  expect(source().readyState).toBe(2);
});
