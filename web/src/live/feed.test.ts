// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, test } from "vitest";
import { FeedRig, flushed, Page } from "./feedRigForTest";

let rig: FeedRig;

beforeEach(() => {
  rig = new FeedRig();
});

const query = () => rig.node.line?.source.query;

async function followed(topic: string): Promise<Page> {
  const page = new Page(rig, topic);
  await page.respondToAll();
  rig.open();
  return page;
}

describe("following", () => {
  test("goes on from the snapshot, without a gap and without a double", async () => {
    rig.node.publish("d/a");
    const page = new Page(rig, "d/a");
    page.waiting[0]?.serve();
    rig.node.publish("d/a"); // Behind the snapshot, and before the stream.
    page.waiting[0]?.respond();
    await flushed();
    rig.open();
    rig.node.publish("d/a");
    rig.time.pass(50); // The batch of the first two is over.
    rig.deliver();
    expect(page.has).toBe(3);
    expect(page.violations).toEqual([]);
    expect(rig.connection.state).toBe("live");
  });
  test("opens one stream for all topics, from the least of their places", async () => {
    const a = new Page(rig, "d/a");
    await a.respondToAll();
    rig.node.publish("d/a");
    const b = new Page(rig, "d/b");
    await b.respondToAll();
    rig.open();
    expect(rig.node.streams).toHaveLength(1);
    expect(query()?.getAll("topic")).toEqual(["d/a", "d/b"]);
    expect(query()?.get("envelope")).toBe("json");
    expect(query()?.get("lastEventId")).toBe("d1.0.v2.0");
    expect([a.has, b.has]).toEqual([1, 0]);
    expect([...a.violations, ...b.violations]).toEqual([]);
  });
  test("reopens the stream for one more topic, without duplicates", async () => {
    const a = await followed("d/a");
    rig.node.publish("d/a");
    rig.deliver();
    const b = await followed("d/b");
    rig.node.publish("d/b");
    rig.deliver();
    expect([a.has, b.has]).toEqual([1, 1]);
    expect([...a.violations, ...b.violations]).toEqual([]);
    expect(query()?.get("lastEventId")).toBe("d1.1.v2.0");
  });
  test("holds what the stream brings while the snapshot is on its way", async () => {
    const page = new Page(rig, "d/a");
    rig.open();
    rig.node.publish("d/a");
    page.waiting[0]?.serve();
    rig.node.publish("d/a");
    rig.deliver();
    expect(page.batches).toEqual([]);
    page.waiting[0]?.respond();
    await flushed();
    rig.time.pass(16);
    expect(page.has).toBe(2);
    expect(page.violations).toEqual([]);
    rig.time.pass(50);
    expect(rig.node.streams).toHaveLength(1);
  });
  test("restarts at the snapshot where the stream started after it", async () => {
    const page = new Page(rig, "d/a");
    page.waiting[0]?.serve();
    rig.node.publish("d/a");
    rig.open();
    page.waiting[0]?.respond();
    await flushed();
    rig.open();
    expect(query()?.get("lastEventId")).toBe("d1.0.v2.0");
    expect(page.has).toBe(1);
    expect(page.violations).toEqual([]);
  });
  test("by two shares the topic, and each has its own place", async () => {
    const first = await followed("d/a");
    rig.node.publish("d/a");
    const second = new Page(rig, "d/a");
    rig.deliver();
    await second.respondToAll();
    rig.node.publish("d/a");
    rig.open();
    expect(query()?.getAll("topic")).toEqual(["d/a"]);
    expect([first.has, second.has]).toEqual([2, 2]);
    expect([...first.violations, ...second.violations]).toEqual([]);
  });
  test("without a snapshot begins with what comes now, though others go back further", async () => {
    rig.node.publish("d/a");
    const a = new Page(rig, "d/a");
    await a.respondToAll();
    rig.node.publish("d/b");
    const b = new Page(rig, "d/b", false);
    rig.open();
    expect(b.has).toBe(0);
    rig.node.publish("d/b");
    rig.deliver();
    expect([a.has, b.has]).toEqual([1, 2]);
  });
  test("without a snapshot goes on where it was after a drop", () => {
    const page = new Page(rig, "d/a", false);
    rig.open();
    rig.node.drop();
    rig.node.publish("d/a");
    rig.time.pass(500);
    rig.deliver();
    expect(page.has).toBe(1);
  });
  test("hands over once for a frame, however many came", async () => {
    const page = await followed("d/a");
    rig.node.publish("d/a");
    rig.node.publish("d/a");
    rig.node.publish("d/a");
    rig.deliver();
    expect(page.batches).toEqual([3]);
  });
});

describe("nobody following", () => {
  test("closes the stream", async () => {
    const page = await followed("d/a");
    page.unfollow();
    rig.time.pass(50);
    expect(rig.connection.state).toBe("idle");
    expect(rig.node.line).toBeUndefined();
    expect(rig.time.timersRunning).toBe(0);
  });
  test("for a moment, as pages change, does not", async () => {
    const page = await followed("d/a");
    const { line } = rig.node;
    page.unfollow();
    const other = new Page(rig, "d/a");
    await other.respondToAll();
    rig.time.pass(50);
    expect(rig.node.line).toBe(line);
    rig.node.publish("d/a");
    rig.deliver();
    expect(other.has).toBe(1);
    expect(page.has).toBe(0);
  });
});

describe("a drop", () => {
  test("loses nothing: what was missed is brought and counted", async () => {
    const page = await followed("d/a");
    rig.node.drop();
    expect(rig.connection.state).toBe("retrying");
    rig.node.publish("d/a");
    rig.node.publish("d/a");
    rig.time.pass(250);
    rig.deliver();
    expect(page.has).toBe(2);
    expect(page.violations).toEqual([]);
    expect(rig.connection).toMatchObject({ state: "live", recovery: { events: 2, outage: 250, complete: true } });
  });
  test("in the middle of catching up goes on from there", async () => {
    const page = await followed("d/a");
    rig.node.drop();
    rig.node.publish("d/a");
    rig.node.publish("d/a");
    rig.time.pass(250);
    const { line } = rig.node;
    if (line) {
      rig.node.accept(line);
      line.deliver(1);
    }
    rig.node.drop();
    rig.time.pass(500);
    rig.deliver();
    expect(query()?.get("lastEventId")).toBe("d1.1.v2.0");
    expect(page.has).toBe(2);
    expect(page.violations).toEqual([]);
  });
  test("that outlasts what is kept is mended by a new snapshot", async () => {
    const page = await followed("d/a");
    rig.node.drop();
    rig.node.publish("d/a");
    rig.node.publish("d/a");
    rig.node.deleteOldest("d/a");
    rig.time.pass(250);
    rig.deliver();
    expect(page.has).toBe(0);
    await page.respondToAll();
    rig.time.pass(16);
    expect([page.has, page.snapshots]).toEqual([2, 2]);
    expect(page.violations).toEqual([]);
    expect(rig.connection.recovery?.complete).toBe(false);
  });
});

describe("a restart of the server", () => {
  test("that was announced is waited for as long as the server asked", async () => {
    const page = await followed("d/a");
    rig.node.line?.source.receive("drain", '{"retryMs":4500}');
    expect(rig.connection).toMatchObject({ state: "retrying", restarting: true, retryAt: rig.time.now() + 4_500 });
    rig.node.restart("keeps its data");
    rig.node.publish("d/a");
    rig.time.pass(4_500);
    rig.deliver();
    expect(page.has).toBe(1);
    expect(rig.connection).toMatchObject({ state: "live", restarting: false });
  });
  test("resets what was volatile, and only that", async () => {
    const durable = await followed("d/a");
    const volatileLane = await followed("v/a");
    rig.node.restart("keeps its data");
    rig.node.publish("d/a");
    rig.node.publish("v/a");
    rig.time.pass(500);
    rig.deliver();
    await volatileLane.respondToAll();
    rig.open();
    expect([durable.has, durable.snapshots]).toEqual([1, 1]);
    expect([volatileLane.has, volatileLane.snapshots]).toEqual([1, 2]);
    expect([...durable.violations, ...volatileLane.violations]).toEqual([]);
  });
  test("of which a snapshot knows before the stream does resets the others", async () => {
    const old = await followed("v/a");
    rig.node.publish("v/a");
    rig.deliver();
    rig.node.restart("keeps its data");
    rig.node.publish("v/a");
    const young = new Page(rig, "v/b");
    await young.respondToAll();
    rig.open();
    rig.time.pass(500);
    rig.deliver();
    await old.respondToAll();
    await young.respondToAll();
    rig.open();
    expect([old.has, old.epoch]).toEqual([1, "v3"]);
    expect([...old.violations, ...young.violations]).toEqual([]);
  });
});

describe("a snapshot that does not come", () => {
  test("costs no more than 5000 events; then the stream begins again where it stands", async () => {
    const page = new Page(rig, "d/a");
    rig.open();
    page.waiting[0]?.serve();
    for (let events = 0; events < 5001; ++events) {
      rig.node.publish("d/a");
    }
    rig.deliver();
    page.waiting[0]?.respond();
    await flushed();
    rig.time.pass(16);
    expect(page.has).toBe(0);
    rig.open();
    expect(query()?.get("lastEventId")).toBe("d1.0.v2.0");
    expect(page.has).toBe(5001);
    expect(page.violations).toEqual([]);
  });
});

describe("a snapshot that fails", () => {
  test("is tried again after a wait, while the stream holds what comes", async () => {
    const page = new Page(rig, "d/a");
    rig.open();
    rig.node.publish("d/a");
    rig.deliver();
    page.requests.shift()?.fail();
    await flushed();
    expect(page.waiting).toHaveLength(0);
    rig.time.pass(250);
    await page.respondToAll();
    rig.time.pass(16);
    expect([page.has, page.snapshots]).toEqual([1, 1]);
    expect(page.violations).toEqual([]);
  });
  test("is tried again at once when the stream is back", async () => {
    const page = await followed("v/a");
    rig.node.restart("keeps its data");
    rig.time.pass(500);
    rig.deliver();
    rig.time.randomValue = 1;
    for (let failures = 0; failures < 4; ++failures) {
      page.requests.shift()?.fail();
      await flushed();
      rig.time.pass(8_000);
    }
    page.requests.shift()?.fail();
    await flushed();
    expect(page.waiting).toHaveLength(0);
    rig.node.drop();
    rig.browser.show();
    rig.node.deliverAll();
    expect(page.waiting).toHaveLength(1);
  });
  test("is not tried again once nobody wants it", async () => {
    const page = new Page(rig, "d/a");
    page.unfollow();
    page.requests[0]?.fail();
    await flushed();
    rig.time.pass(60_000);
    expect(page.requests).toHaveLength(1);
    expect(rig.connection.state).toBe("idle");
  });
});

describe("a heartbeat", () => {
  test("keeps the stream from being stale, and sets the server's clock", async () => {
    await followed("d/a");
    rig.time.pass(20_000);
    const ahead = new Date(rig.time.now() + 1234).toISOString();
    rig.node.heartbeat(ahead);
    rig.deliver();
    expect(rig.offsets.at(-1)).toBe(rig.connection.clockOffset);
    rig.time.pass(20_000);
    expect(rig.connection.state).toBe("live");
  });
});

test("a refused stream is tried again once it is asked for something else", async () => {
  rig.refusal = { code: "invalid_topic", forGood: true, retryAfter: 0 };
  const bad = new Page(rig, "d//a", false);
  rig.time.pass(50);
  rig.node.line?.source.refuse();
  await flushed();
  expect(rig.connection).toMatchObject({ state: "blocked", reason: "invalid_topic" });
  const good = new Page(rig, "d/a", false);
  bad.unfollow();
  rig.open();
  rig.node.publish("d/a");
  rig.deliver();
  expect(rig.connection.state).toBe("live");
  expect(good.has).toBe(1);
});

test("what is no envelope is nothing", async () => {
  const page = await followed("d/a");
  const { line } = rig.node;
  for (const data of ["", "{", "null", "7", '{"topic":"d/a"}']) {
    line?.source.receive("message", data, "d1.1.v2.0");
  }
  line?.source.receive("reset", "{}", "d1.1.v2.0");
  rig.time.pass(16);
  expect(page.batches).toEqual([]);
  expect(page.snapshots).toBe(1);
});

test("a server that announces a longer silence is not taken for dead", () => {
  new Page(rig, "d/a", false);
  rig.open();
  rig.node.heartbeat(undefined, 60_000);
  rig.deliver();
  rig.time.pass(149_000);
  expect(rig.connection.state).toBe("live");
  rig.time.pass(1_000);
  expect(rig.connection.state).toBe("stale");
});
