// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, test } from "vitest";
import { FakeTime } from "./fakesForTest";
import { Outbox, type OutboxItem, sessionOutboxStorage } from "./outbox";

let time: FakeTime;
let sent: string[];
let open: boolean;
let kept: readonly OutboxItem<string>[];

beforeEach(() => {
  time = new FakeTime();
  sent = [];
  open = true;
  kept = [];
  sessionStorage.clear();
});

function made(): Outbox<string> {
  let ids = 0;
  return new Outbox<string>({
    environment: time,
    send: (id, value) => {
      if (open) {
        sent.push(`${id} ${value}`);
      }
      return open;
    },
    storage: {
      load: () => kept,
      save: (items) => {
        kept = items;
      },
    },
    newId: () => `c-${++ids}`,
  });
}
const states = (outbox: Outbox<string>) => outbox.items.map(({ id, state }) => `${id} ${state}`);

describe("an outbox", () => {
  test("sends at once while connected, and is empty when the server has it", () => {
    const outbox = made();
    outbox.connectionUp();
    const id = outbox.add("hello");
    expect(outbox.find(id)).toEqual({ id, value: "hello", state: "sending", since: time.now(), error: null });
    outbox.acked(id);
    expect(outbox.items).toEqual([]);
    expect(time.timersRunning).toBe(0);
  });
  test("keeps what is written without a connection, and sends it in order when there is one", () => {
    const outbox = made();
    outbox.add("one");
    outbox.add("two");
    expect(sent).toEqual([]);
    outbox.connectionUp();
    expect(sent).toEqual(["c-1 one", "c-2 two"]);
    expect(states(outbox)).toEqual(["c-1 sending", "c-2 sending"]);
  });
  test("sends what was in flight when the connection was lost once more, with the same id", () => {
    const outbox = made();
    outbox.connectionUp();
    outbox.add("one");
    outbox.connectionDown();
    expect(states(outbox)).toEqual(["c-1 waiting"]);
    time.pass(60_000); // Its deadline went with the connection.
    expect(states(outbox)).toEqual(["c-1 waiting"]);
    outbox.connectionUp();
    expect(sent).toEqual(["c-1 one", "c-1 one"]);
  });
  test("stops at the first that cannot be sent: in order, or not at all", () => {
    const outbox = made();
    outbox.connectionUp();
    open = false;
    outbox.add("one");
    outbox.add("two");
    expect(states(outbox)).toEqual(["c-1 waiting", "c-2 waiting"]);
    open = true;
    outbox.connectionUp();
    expect(sent).toEqual(["c-1 one", "c-2 two"]);
  });
  test("has 32 in flight at a time: with every answer the next one is sent, in order", () => {
    const outbox = made();
    const texts = Array.from({ length: 35 }, (_, index) => `c-${index + 1} ${index + 1}`);
    for (let number = 1; number <= 35; ++number) {
      outbox.add(String(number));
    }
    outbox.connectionUp();
    expect(sent).toEqual(texts.slice(0, 32));
    outbox.acked("c-1");
    outbox.refused("c-2", "overloaded");
    expect(sent).toEqual(texts.slice(0, 34));
    time.pass(10_000); // What is never answered makes room as well.
    expect(sent).toEqual(texts);
  });
  test("takes an answer that comes while it is sending", () => {
    const outbox: Outbox<string> = new Outbox<string>({
      environment: time,
      send: (id) => {
        outbox.acked(id);
        return true;
      },
    });
    outbox.connectionUp();
    outbox.add("one");
    expect(outbox.items).toEqual([]);
    expect(time.timersRunning).toBe(0);
  });
});

describe("an answer that is owed", () => {
  const owed = (outbox: Outbox<string>) => {
    const { unansweredSince } = outbox.store.getState();
    return unansweredSince === null ? null : time.now() - unansweredSince;
  };

  test("is counted from when it was sent, also where it was written long before", () => {
    const outbox = made();
    outbox.add("x");
    time.pass(60_000);
    expect(owed(outbox)).toBeNull();
    outbox.connectionUp();
    time.pass(9000);
    expect(owed(outbox)).toBe(9000);
    outbox.acked("c-1");
    expect(owed(outbox)).toBeNull();
  });
  test("counts as unanswered after its timeout, until the server answers anything", () => {
    const outbox = made();
    outbox.connectionUp();
    outbox.add("x");
    time.pass(11_000);
    expect(owed(outbox)).toBe(11_000);
    outbox.add("y");
    outbox.refused("c-2", "overloaded");
    expect(owed(outbox)).toBeNull();
  });
  test("is not waited for without a connection", () => {
    const outbox = made();
    outbox.connectionUp();
    outbox.add("x");
    time.pass(9000);
    outbox.connectionDown();
    expect(owed(outbox)).toBeNull();
  });
});

describe("a failure", () => {
  test("is what the server refused, with its code", () => {
    const outbox = made();
    outbox.connectionUp();
    const id = outbox.add("x");
    outbox.refused(id, "rate_limited");
    expect(outbox.find(id)).toMatchObject({ state: "failed", error: "rate_limited" });
    time.pass(60_000);
    expect(outbox.find(id)?.error).toBe("rate_limited");
  });
  test("is what is not answered within 10 s", () => {
    const outbox = made();
    outbox.connectionUp();
    const id = outbox.add("x");
    time.pass(9_999);
    expect(outbox.find(id)?.state).toBe("sending");
    time.pass(1);
    expect(outbox.find(id)).toMatchObject({ state: "failed", error: "unanswered" });
  });
  test("is over when the answer comes after all", () => {
    const outbox = made();
    outbox.connectionUp();
    const id = outbox.add("x");
    time.pass(10_000);
    outbox.acked(id);
    expect(outbox.items).toEqual([]);
  });
  test("stays through a reconnect until the user retries it, with the same id", () => {
    const outbox = made();
    outbox.connectionUp();
    const id = outbox.add("x");
    outbox.refused(id, "overloaded");
    outbox.connectionDown();
    outbox.connectionUp();
    expect(sent).toHaveLength(1);
    outbox.retry(id);
    expect(sent).toEqual(["c-1 x", "c-1 x"]);
    expect(outbox.find(id)).toMatchObject({ state: "sending", error: null });
  });
  test("can be taken away", () => {
    const outbox = made();
    outbox.connectionUp();
    const id = outbox.add("x");
    outbox.remove(id);
    expect(outbox.items).toEqual([]);
    expect(time.timersRunning).toBe(0);
  });
});

describe("what has waited for more than two minutes", () => {
  test("is not sent automatically: the user decides", () => {
    const outbox = made();
    outbox.add("old");
    time.pass(60_000);
    outbox.add("young");
    time.pass(60_001);
    outbox.connectionUp();
    expect(states(outbox)).toEqual(["c-1 asking", "c-2 sending"]);
    expect(sent).toEqual(["c-2 young"]);
  });
  test("is sent when the user decides so, however old it is", () => {
    const outbox = made();
    outbox.add("old");
    time.pass(300_000);
    outbox.connectionUp();
    outbox.retry("c-1");
    expect(states(outbox)).toEqual(["c-1 sending"]);
  });
  test("goes out with 'retry all', beside what failed, in the order in which it was written", () => {
    const outbox = made();
    outbox.connectionUp();
    outbox.add("failed");
    outbox.refused("c-1", "overloaded");
    outbox.connectionDown();
    outbox.add("old");
    time.pass(120_001);
    outbox.connectionUp();
    sent = [];
    outbox.retryAll();
    expect(sent).toEqual(["c-1 failed", "c-2 old"]);
  });
});

describe("a reload", () => {
  test("loses nothing: what was in flight is sent again", () => {
    const before = made();
    before.connectionUp();
    before.add("out");
    before.add("refused");
    before.refused("c-2", "overloaded");
    const after = made();
    expect(states(after)).toEqual(["c-1 waiting", "c-2 failed"]);
  });
  test("finds what the tab's storage kept, and nothing where that was spoilt", () => {
    const memory = sessionOutboxStorage<string>("howl.test");
    expect(memory.load()).toEqual([]);
    const item: OutboxItem<string> = { id: "c-1", value: "x", state: "waiting", since: 1, error: null };
    memory.save([item]);
    expect(sessionOutboxStorage<string>("howl.test").load()).toEqual([item]);
    sessionStorage.setItem("howl.test", "{");
    expect(memory.load()).toEqual([]);
  });
});
