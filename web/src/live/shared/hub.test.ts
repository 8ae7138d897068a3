// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, test } from "vitest";
import { FakeTime } from "#/transport/fakesForTest";
import { FakeNode } from "../fakeNodeForTest";
import { StreamHub } from "./hub";
import { eventsUrl, type ToTab } from "./messages";
import { Tab } from "./tab";

let time: FakeTime;
let node: FakeNode;
let hub: StreamHub;

beforeEach(() => {
  time = new FakeTime();
  node = new FakeNode();
  hub = new StreamHub({ environment: time, open: node.open });
});

/** A tab that records what it receives. */
class Listener {
  readonly received: ToTab[] = [];

  constructor(
    readonly stream: string,
    topics: string | string[],
    from: string | null = null,
  ) {
    hub.receive({ kind: "open", stream, url: eventsUrl([topics].flat(), from) }, (word) => this.received.push(word));
  }
  /** What it received since the last look: `open`, `error`, or the name of an event. */
  get names(): string[] {
    return this.received.splice(0).map((word) => (word.kind === "event" ? word.name : word.kind));
  }
  say(kind: "close" | "here"): void {
    hub.receive({ kind, stream: this.stream }, () => {});
  }
}

describe("one stream for all tabs", () => {
  test("has the topics of all of them, and each gets its own", () => {
    const a = new Listener("a", "d/a");
    const b = new Listener("b", "d/b");
    time.pass(50);
    node.deliverAll();
    expect(node.streams).toHaveLength(1);
    expect(node.line?.topics).toEqual(["d/a", "d/b"]);
    expect([a.names, b.names]).toEqual([
      ["open", "hb"],
      ["open", "hb"],
    ]);
    node.publish("d/b");
    node.deliverAll();
    expect([a.names, b.names]).toEqual([[], ["message"]]);
  });
  test("is not restarted for a tab whose topics it has", () => {
    new Listener("a", "d/a");
    node.deliverAll();
    const { line } = node;
    const b = new Listener("b", "d/a");
    time.pass(50);
    expect(b.names).toEqual(["open", "hb"]);
    expect(node.line).toBe(line);
  });
  test("is given up with the last of them, and carries no topic that nobody wants", () => {
    const a = new Listener("a", "d/a");
    const b = new Listener("b", "d/b");
    time.pass(50);
    node.deliverAll();
    a.say("close");
    time.pass(50);
    expect(node.line?.topics).toEqual(["d/b"]);
    b.say("close");
    expect(node.line).toBeUndefined();
    expect(time.timersRunning).toBe(0);
  });
  test("is restarted for a tab that comes back where it may be half-open, and for all others with it", () => {
    const a = new Listener("a", "d/a");
    const b = new Listener("b", "d/a");
    time.pass(50);
    node.deliverAll();
    const { line } = node;
    time.pass(40_000); // The network is gone; a tab finds out, gives up, and tries again.
    a.say("close");
    new Listener("a again", "d/a");
    time.pass(50);
    expect(node.line).not.toBe(line);
    node.deliverAll();
    expect(b.names.at(-1)).toBe("hb");
  });
  test("is lost for all of them at once", () => {
    const a = new Listener("a", "d/a");
    const b = new Listener("b", "d/a");
    time.pass(50);
    node.deliverAll();
    node.drop();
    expect([a.names.at(-1), b.names.at(-1)]).toEqual(["error", "error"]);
    expect(time.timersRunning).toBe(0);
  });
});

describe("a tab of another history", () => {
  test("gets the reset from the server where it is the first", () => {
    const late = new Listener("late", ["d/a", "d/b"], "x.1.y.1");
    node.deliverAll();
    expect(late.names).toEqual(["open", "reset", "reset", "hb"]);
  });
  test("gets the reset from the hub where the stream is open already, and no other tab does", () => {
    const there = new Listener("there", "d/a");
    node.deliverAll();
    there.names;
    const late = new Listener("late", ["d/a", "d/b"], "x.1.y.1");
    time.pass(50);
    node.deliverAll();
    expect(late.names).toEqual(["open", "reset", "reset", "hb"]);
    expect(there.names).toEqual(["hb"]);
  });
  test("gets all of its resets, also where another tab comes between them", () => {
    const late = new Listener("late", ["d/a", "d/b"], "x.1.y.1");
    const { line } = node;
    if (line) {
      node.accept(line);
    }
    line?.deliver(1);
    new Listener("other", "d/c");
    time.pass(50);
    expect(node.line?.source.query.get("lastEventId")).toBe("x.1.y.1");
    node.deliverAll();
    expect(late.names).toEqual(["open", "reset", "reset", "reset", "hb"]);
  });
});

describe("a tab whose topics are quiet", () => {
  test("gets a heartbeat even while others are busy", () => {
    const quiet = new Listener("quiet", "d/quiet");
    new Listener("busy", "d/busy");
    time.pass(50);
    node.deliverAll();
    expect(quiet.names.at(-1)).toBe("hb");
    for (let second = 0; second < 25; ++second) {
      time.pass(1000);
      node.publish("d/busy");
      node.deliverAll();
    }
    const beats = quiet.received.flatMap((word) => (word.kind === "event" ? [JSON.parse(word.data)] : []));
    expect(beats).toHaveLength(2);
    // The server's clock went on meanwhile.
    expect(beats[0].time).toBe("2026-11-21T12:00:10.000Z");
  });
});

describe("a tab that crashed", () => {
  test("is forgotten after six heartbeats, and whoever answers them is not", () => {
    new Listener("crashed", "d/crashed");
    const alive = new Listener("alive", "d/alive");
    time.pass(50);
    for (let beat = 0; beat < 7; ++beat) {
      node.deliverAll();
      node.heartbeat();
      alive.say("here");
    }
    time.pass(50);
    expect(node.line?.topics).toEqual(["d/alive"]);
  });
});

describe("a tab", () => {
  const openOf = (words: { kind: string; url?: string }[]) => words.flatMap(({ url }) => url ?? []);

  test("opens its streams again at another hub, from its last resume point", () => {
    const said: { kind: string; url?: string }[] = [];
    const tab = new Tab((word) => said.push(word));
    const stream = () => (said.at(-1) as unknown as { stream: string }).stream;
    tab.open(eventsUrl(["d/a"], "d1.3.v2.0"));
    expect(openOf(said)).toEqual([]); // There is no hub yet.
    tab.receive({ kind: "hello" });
    const event = { kind: "event", stream: stream(), data: "" } as const;
    tab.receive({ ...event, name: "message", id: "d1.4.v2.0" });
    tab.receive({ kind: "hello" });
    expect(openOf(said).at(-1)).toBe("/api/events?topic=d%2Fa&envelope=json&lastEventId=d1.3.v2.0");
    tab.receive({ ...event, name: "hb", id: "d1.5.v2.0" });
    tab.receive({ ...event, name: "message", id: "d1.6.v2.0" });
    tab.receive({ ...event, name: "reset", id: "d7.0.v8.0" }); // The first of several resets, of which the others are lost.
    tab.receive({ kind: "hello" });
    expect(openOf(said).at(-1)).toBe("/api/events?topic=d%2Fa&envelope=json&lastEventId=d1.6.v2.0");
  });
  test("is on its own where nobody answers, or the hub can't be had", () => {
    const tab = new Tab(() => {});
    for (let attempt = 0; attempt < 3; ++attempt) {
      expect(tab.isAlone).toBe(false);
      tab.open("/").close();
    }
    expect(tab.isAlone).toBe(true);
    const other = new Tab(() => {});
    let errors = 0;
    other.open("/").addEventListener("error", () => {
      errors += 1;
    });
    other.giveUp();
    expect([other.isAlone, errors]).toEqual([true, 1]);
  });
});
