// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { randomOf } from "#/transport/fakesForTest";
import { instanceForTest, logForTest, shuffled } from "./eventsForTest";
import { applyChanges, applySnapshot, type Change, emptyFleet, type Fleet } from "./fleet";
import { type CloudEvent, endsInstance, type Instance } from "./types";

const changeOf = (event: CloudEvent): Change => ({
  epoch: event.epoch,
  at: event.offset,
  instance: event.instance,
  ended: endsInstance(event),
});
const cursorAt = (durable: number, durableEpoch = "aaaa") => ({
  durableEpoch,
  durable,
  volatileEpoch: "bbbb",
  volatile: 77,
});

/** What the server's list is after these events: the plainest fold there is. */
function listAfter(events: readonly CloudEvent[]): Map<string, Instance> {
  const list = new Map<string, Instance>();
  for (const event of events) {
    list.set(event.instance.id, event.instance);
    if (endsInstance(event)) {
      list.delete(event.instance.id);
    }
  }
  return list;
}

const shown = (fleet: Fleet) => new Map([...fleet.known].map(([id, { instance }]) => [id, instance]));

test.each(Array.from({ length: 60 }, (_, seed) => seed))(
  "the list is the fold of the log, in any order, with doubles, snapshots and resets (seed %i)",
  (seed) => {
    const random = randomOf(seed);
    const log = logForTest(random, 120);
    type Step = (fleet: Fleet) => Fleet;
    const steps: Step[] = log.map((event) => (fleet) => applyChanges(fleet, [changeOf(event)]));
    const snapshots: Step[] = Array.from({ length: 4 }, () => {
      const at = Math.floor(random() * log.length);
      const list = [...listAfter(log.slice(0, at)).values()];
      return (fleet) => applySnapshot(fleet, list, cursorAt(at));
    });
    const doubles = steps.filter(() => random() < 0.3);
    const end = shuffled([...steps, ...doubles, ...snapshots], random).reduce((fleet, step) => step(fleet), emptyFleet);
    expect(shown(end)).toEqual(listAfter(log));
  },
);

test("a batch says the same as its events one by one", () => {
  const log = logForTest(randomOf(7), 200);
  const single = log.reduce((fleet, event) => applyChanges(fleet, [changeOf(event)]), emptyFleet);
  expect(applyChanges(emptyFleet, log.map(changeOf))).toEqual(single);
});

test("after a new life of the server only the snapshot counts", () => {
  const log = logForTest(randomOf(1), 50);
  const before = applyChanges(emptyFleet, log.map(changeOf));
  const after = applySnapshot(before, [instanceForTest("new")], cursorAt(0, "cccc"));
  expect([...shown(after).keys()]).toEqual(["new"]);
});

test("an event of the past life changes nothing", () => {
  const fleet = applySnapshot(emptyFleet, [instanceForTest("a")], cursorAt(0, "cccc"));
  expect(applyChanges(fleet, [{ epoch: "aaaa", at: 9, instance: instanceForTest("a"), ended: true }])).toBe(fleet);
});

test("changes that the snapshot holds already leave the fleet as it is, so that nothing is rendered again", () => {
  const fleet = applySnapshot(emptyFleet, [instanceForTest("a")], cursorAt(5));
  const old = { epoch: "aaaa", at: 5, instance: instanceForTest("a", "running"), ended: false };
  expect(applyChanges(fleet, [old])).toBe(fleet);
});

test("a change leaves the others the very same, so that only its row is drawn", () => {
  const fleet = applySnapshot(emptyFleet, [instanceForTest("a"), instanceForTest("b")], cursorAt(5));
  const next = applyChanges(fleet, [{ epoch: "aaaa", at: 6, instance: instanceForTest("a", "running"), ended: false }]);
  expect(next.known.get("b")).toBe(fleet.known.get("b"));
  expect([...next.known.keys()]).toEqual(["a", "b"]);
});
