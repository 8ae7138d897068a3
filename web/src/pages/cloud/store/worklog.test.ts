// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { randomOf } from "#/transport/fakesForTest";
import { eventForTest, instanceForTest, logForTest, shuffled } from "./eventsForTest";
import { addEvents, emptyWorklog, hasOlder, linesKept, onlyAfter } from "./worklog";

test.each(Array.from({ length: 40 }, (_, seed) => seed))(
  "pages of history and live batches give the same log in any order, with doubles (seed %i)",
  (seed) => {
    const random = randomOf(seed);
    const log = logForTest(random, 150);
    const batches = Array.from({ length: 20 }, () => {
      const from = Math.floor(random() * log.length);
      return log.slice(from, from + 1 + Math.floor(random() * 40));
    });
    const all = shuffled([...batches, log.slice(0, 80), log.slice(70)], random);
    const end = all.reduce(addEvents, emptyWorklog);
    expect(end).toEqual(addEvents(emptyWorklog, log));
    expect(end.lines.map(({ offset }) => offset)).toEqual(log.map(({ offset }) => offset));
  },
);

test("a result says how long it took since its request, whichever of the two came first", () => {
  const request = eventForTest(1, "received", "start", instanceForTest("a", "stopped", "start"), "op");
  const result = eventForTest(21, "started", "start", instanceForTest("a", "running"), "op");
  const straight = addEvents(addEvents(emptyWorklog, [request]), [result]);
  const backwards = addEvents(addEvents(emptyWorklog, [result]), [request]);
  expect(straight.lines.map(({ took }) => took)).toEqual([null, 20_000]);
  expect(backwards).toEqual(straight);
});

test("a result without its request does not say how long it took", () => {
  const result = eventForTest(21, "started", "start", instanceForTest("a", "running"), "op");
  expect(addEvents(emptyWorklog, [result]).lines[0]?.took).toBeNull();
});

test("the newest 10,000 lines are kept", () => {
  const events = Array.from({ length: linesKept + 5 }, (_, at) =>
    eventForTest(at + 1, "received", "start", instanceForTest("a")),
  );
  const log = addEvents(emptyWorklog, events);
  expect(log.lines.length).toBe(linesKept);
  expect(log.lines[0]?.offset).toBe(6);
});

test("an event of a new epoch begins a new log", () => {
  const old = addEvents(emptyWorklog, [eventForTest(7, "received", "start", instanceForTest("a"))]);
  const event = { ...eventForTest(1, "received", "start", instanceForTest("b")), epoch: "cccc" };
  expect(addEvents(old, [event]).lines.map(({ instance }) => instance.id)).toEqual(["b"]);
});

test("there is older history only where the server keeps some", () => {
  const log = addEvents(emptyWorklog, [eventForTest(7, "received", "start", instanceForTest("a"))]);
  expect(hasOlder(log)).toBe(false);
  expect(hasOlder({ ...log, firstOffset: 7 })).toBe(false);
  expect(hasOlder({ ...log, firstOffset: 6 })).toBe(true);
});

test("who comes back to the log begins with its newest page, so that no gap is hidden in it", () => {
  const events = [1, 2, 500].map((offset) => eventForTest(offset, "received", "start", instanceForTest("a")));
  const log = addEvents(emptyWorklog, events);
  expect(onlyAfter(log, "aaaa", 400).lines.map(({ offset }) => offset)).toEqual([500]);
  expect(onlyAfter(log, "cccc", 400)).toEqual({ ...emptyWorklog, epoch: "cccc" });
});
