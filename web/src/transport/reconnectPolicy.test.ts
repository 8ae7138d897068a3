// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, test } from "vitest";
import { FakeBrowser, FakeTime } from "./fakesForTest";
import { ReconnectPolicy } from "./reconnectPolicy";

let time: FakeTime;
let browser: FakeBrowser;
let calls: string[];
let policy: ReconnectPolicy;

beforeEach(() => {
  time = new FakeTime();
  browser = new FakeBrowser();
  calls = [];
  policy = new ReconnectPolicy({
    environment: time,
    browser,
    heartbeat: 10_000,
    connection: { open: () => calls.push("open"), close: () => calls.push("close"), probe: () => calls.push("probe") },
  });
});

const at = () => policy.status.getState();

function goLive(): void {
  policy.start();
  policy.received();
  calls = [];
}

describe("starting", () => {
  test("is connecting until the server sends something", () => {
    expect(at().state).toBe("idle");
    policy.start();
    expect(at()).toMatchObject({ state: "connecting", attempt: 0, lostAt: null });
    expect(calls).toEqual(["open"]);
    policy.received();
    expect(at()).toMatchObject({ state: "live", lastReceivedAt: time.now() });
  });
  test("twice is starting once", () => {
    policy.start();
    policy.start();
    expect(calls).toEqual(["open"]);
  });
  test("gives an attempt up that nobody answers for 10 s", () => {
    policy.start();
    time.pass(9_999);
    expect(at().state).toBe("connecting");
    time.pass(1);
    expect(at()).toMatchObject({ state: "retrying", lostAt: time.now() });
    expect(calls).toEqual(["open", "close"]);
  });
  test("that fails at once is a loss that began now", () => {
    policy.start();
    policy.lost();
    expect(at()).toMatchObject({ state: "retrying", lostAt: time.now(), retryAt: time.now() + 250 });
  });
});

test("a busy server updates the status at most once a second", () => {
  goLive();
  const first = time.now();
  let changes = 0;
  policy.status.subscribe(() => ++changes);
  for (let words = 0; words < 100; ++words) {
    time.pass(10);
    policy.received();
  }
  expect(changes).toBe(1);
  expect(at().lastReceivedAt).toBe(first + 1_000);
});

describe("stopping", () => {
  test("closes, cancels every timer, and stops listening to the browser", () => {
    goLive();
    policy.lost();
    policy.stop();
    expect(at()).toMatchObject({ state: "idle", retryAt: null, lostAt: null });
    expect(time.timersRunning).toBe(0);
    expect(browser.listeners.size).toBe(0);
  });
  test("makes deaf to what comes late", () => {
    goLive();
    policy.stop();
    policy.received();
    policy.lost();
    policy.tryNow();
    policy.reopen();
    expect(at().state).toBe("idle");
    expect(calls).toEqual(["close"]);
  });
});

describe("silence", () => {
  test("of two and a half heartbeats is stale, and one message makes it live", () => {
    goLive();
    time.pass(24_999);
    expect(at().state).toBe("live");
    time.pass(1);
    expect(at().state).toBe("stale");
    policy.received();
    expect(at()).toMatchObject({ state: "live", lostAt: null });
  });
  test("of four heartbeats is a loss", () => {
    goLive();
    time.pass(40_000);
    expect(at()).toMatchObject({ state: "retrying", lostAt: time.now() });
    expect(calls).toEqual(["close"]);
  });
  test("means nothing where no heartbeat is promised", () => {
    const quiet = new ReconnectPolicy({
      environment: time,
      browser,
      heartbeat: null,
      connection: { open: () => {}, close: () => {} },
    });
    quiet.start();
    quiet.received();
    time.pass(3_600_000);
    expect(quiet.state).toBe("live");
  });
  test("of a computer that slept is not the server's: it gets one heartbeat and its way to speak", () => {
    goLive();
    time.sleep(3_600_000);
    time.pass(0);
    expect(at().state).toBe("live");
    time.pass(14_999);
    expect(at().state).toBe("live");
    time.pass(1);
    expect(at().state).toBe("retrying");
  });
});

describe("a loss", () => {
  test("is tried again after a wait that grows, and is counted", () => {
    goLive();
    const lostAt = time.now();
    const waits = [];
    for (let attempt = 1; attempt <= 8; ++attempt) {
      policy.lost();
      waits.push((at().retryAt ?? 0) - time.now());
      time.pass(waits.at(-1) ?? 0);
      expect(at()).toMatchObject({ state: "retrying", retryAt: null, attempt, lostAt });
    }
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
    policy.received();
    expect(at()).toMatchObject({ state: "live", attempt: 0, lostAt: null, retryAt: null });
  });
  test("right after getting through goes on with the row: a server may accept and drop", () => {
    goLive();
    policy.lost();
    time.pass(250);
    policy.received();
    time.pass(4_999);
    policy.lost();
    expect(at().retryAt).toBe(time.now() + 500);
  });
  test("after 5 s of life resets the back-off", () => {
    goLive();
    policy.lost();
    time.pass(250);
    policy.received();
    time.pass(5_000);
    policy.lost();
    expect(at().retryAt).toBe(time.now() + 250);
  });
  test("with a hint waits at least as long", () => {
    goLive();
    policy.lost({ notBefore: 7_000 });
    expect(at().retryAt).toBe(time.now() + 7_000);
  });
  test("of a restarting server is tried again in 1 to 3 s, until it is back", () => {
    goLive();
    policy.lost({ restarting: true });
    expect(at()).toMatchObject({ restarting: true, retryAt: time.now() + 2_000 });
    time.pass(2_000);
    policy.lost();
    expect(at()).toMatchObject({ restarting: true, retryAt: time.now() + 2_000 });
    time.pass(2_000);
    policy.received();
    expect(at()).toMatchObject({ state: "live", restarting: false });
  });
  test("of a server that announced a restart and stays away backs off like any other", () => {
    goLive();
    policy.lost({ restarting: true });
    for (let attempt = 0; attempt < 10; ++attempt) {
      time.pass(2_000);
      policy.lost();
    }
    expect(at()).toMatchObject({ restarting: true, retryAt: time.now() + 10_000 });
  });
  test("is tried again at once by 'Try now'", () => {
    goLive();
    policy.lost();
    policy.tryNow();
    expect(at()).toMatchObject({ state: "retrying", retryAt: null, attempt: 1 });
    expect(calls).toEqual(["close", "close", "open"]);
    time.pass(9_999);
    expect(calls).toHaveLength(3);
  });
});

describe("'Try now'", () => {
  test("replaces an attempt that hangs", () => {
    goLive();
    policy.lost();
    time.pass(250);
    policy.tryNow();
    expect(at().attempt).toBe(2);
    expect(calls).toEqual(["close", "close", "open", "close", "open"]);
  });
  test("replaces a stale connection", () => {
    goLive();
    time.pass(25_000);
    policy.tryNow();
    expect(at().state).toBe("retrying");
    expect(calls).toEqual(["close", "open"]);
  });
  test("leaves what works alone", () => {
    goLive();
    policy.tryNow();
    expect(calls).toEqual([]);
  });
});

describe("what was missed", () => {
  test("is reported with the outage, counted from the loss", () => {
    goLive();
    policy.lost();
    time.pass(6_000);
    policy.received();
    policy.recovered(3, true);
    expect(at().recovery).toEqual({ events: 3, outage: 6_000, at: time.now(), complete: true });
  });
  test("is reported once for each outage", () => {
    goLive();
    policy.recovered(3, true);
    expect(at().recovery).toBeNull();
    policy.lost();
    time.pass(250);
    policy.received();
    policy.recovered(1, true);
    const { recovery } = at();
    policy.recovered(9, false);
    expect(at().recovery).toBe(recovery);
  });
});

describe("offline", () => {
  test("is shown at once, and the connection is kept: the next message of the server ends it", () => {
    goLive();
    browser.goOffline();
    expect(at()).toMatchObject({ state: "offline", lostAt: time.now(), retryAt: null });
    expect(calls).toEqual([]);
    policy.received();
    expect(at()).toMatchObject({ state: "live", lostAt: null });
  });
  test("stays while attempts fail, which go on: the server may be on this computer", () => {
    goLive();
    browser.goOffline();
    policy.lost();
    expect(at()).toMatchObject({ state: "offline", retryAt: null });
    time.pass(250);
    expect(calls).toEqual(["close", "close", "open"]);
    expect(at().state).toBe("offline");
    policy.received();
    expect(at().state).toBe("live");
  });
  test("ends with an attempt at once when the network is back", () => {
    goLive();
    browser.goOffline();
    policy.lost();
    calls = [];
    browser.goOnline();
    expect(at()).toMatchObject({ state: "retrying", retryAt: null });
    expect(calls).toEqual(["close", "open"]);
  });
  test("takes the place of retrying", () => {
    goLive();
    policy.lost();
    browser.goOffline();
    expect(at()).toMatchObject({ state: "offline", retryAt: null });
  });
  test("does not keep from starting", () => {
    browser.online = false;
    policy.start();
    expect(at().state).toBe("connecting");
    policy.lost();
    expect(at().state).toBe("offline");
  });
});

describe("a tab that is shown", () => {
  test("tries at once what was to be tried later", () => {
    goLive();
    policy.lost();
    calls = [];
    browser.show();
    expect(at().retryAt).toBeNull();
    expect(calls).toEqual(["close", "open"]);
  });
  test("does not tear down what looks open: it asks, and waits for one heartbeat and its way here", () => {
    goLive();
    time.pass(20_000);
    browser.show();
    expect(calls).toEqual(["probe"]);
    time.pass(14_999);
    expect(at().state).toBe("live");
    time.pass(1);
    expect(at().state).toBe("retrying");
  });
  test("accepts any message within that time", () => {
    goLive();
    browser.show();
    time.pass(5_000);
    policy.received();
    time.pass(24_999);
    expect(at().state).toBe("live");
  });
});

describe("blocked", () => {
  test("has a reason, retries nothing by itself, and stops listening to the browser", () => {
    goLive();
    policy.block("name_taken");
    expect(at()).toMatchObject({ state: "blocked", reason: "name_taken", retryAt: null });
    calls = [];
    time.pass(3_600_000);
    browser.goOffline();
    browser.goOnline();
    browser.show();
    policy.tryNow();
    policy.received();
    policy.lost();
    expect(at().state).toBe("blocked");
    expect(calls).toEqual([]);
  });
  test("ends with a new start", () => {
    goLive();
    policy.block("name_taken");
    policy.start();
    expect(at()).toMatchObject({ state: "connecting", reason: null });
  });
});

describe("reopening", () => {
  test("shows nothing of it while it goes well", () => {
    goLive();
    policy.reopen();
    expect(calls).toEqual(["close", "open"]);
    expect(at()).toMatchObject({ state: "live", attempt: 0 });
  });
  test("that is not answered is a loss", () => {
    goLive();
    policy.reopen();
    time.pass(10_000);
    expect(at().state).toBe("retrying");
  });
  test("waits for the next attempt where one is due anyway", () => {
    goLive();
    policy.lost();
    calls = [];
    policy.reopen();
    expect(calls).toEqual([]);
  });
});

test("what is measured is shown", () => {
  goLive();
  policy.measured({ rtt: 38, clockOffset: -5 });
  expect(at()).toMatchObject({ rtt: 38, clockOffset: -5, state: "live" });
});
