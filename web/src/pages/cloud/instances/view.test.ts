// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { Command } from "../store/commands";
import { instanceForTest } from "../store/eventsForTest";
import { applySnapshot, emptyFleet } from "../store/fleet";
import { possibleOf, withRangeToggled } from "./selection";
import { viewOf } from "./view";

const base = { durableEpoch: "aaaa", durable: 1, volatileEpoch: "bbbb", volatile: 1 };
const fleet = applySnapshot(
  emptyFleet,
  [
    instanceForTest("23186bf2", "stopped"),
    { ...instanceForTest("90ed7a64", "running"), name: "Web 23" },
    instanceForTest("0c77d6aa", "stopped", "start"),
  ],
  base,
);
const plain = { q: "", state: null, sort: "created" } as const;

test("a search is the beginning of an id, or a part of a name", () => {
  expect(viewOf(fleet, { ...plain, q: "23186" }).ids).toEqual(["23186bf2"]);
  expect(viewOf(fleet, { ...plain, q: "23" }).ids).toEqual(["23186bf2", "90ed7a64"]);
  expect(viewOf(fleet, { ...plain, q: "186" }).ids).toEqual([]);
});

test("the chips count what matches the search, whichever chip is on", () => {
  const { ids, counts } = viewOf(fleet, { ...plain, state: "changing" });
  expect(ids).toEqual(["0c77d6aa"]);
  expect(counts).toEqual({ all: 3, running: 1, stopped: 2, changing: 1 });
});

test.each([
  ["created", ["23186bf2", "90ed7a64", "0c77d6aa"]],
  ["newest", ["0c77d6aa", "90ed7a64", "23186bf2"]],
  ["state", ["0c77d6aa", "90ed7a64", "23186bf2"]],
  ["id", ["0c77d6aa", "23186bf2", "90ed7a64"]],
] as const)("sorted by %s", (sort, ids) => {
  expect(viewOf(fleet, { ...plain, sort }).ids).toEqual(ids);
});

test("with Shift all between the last one and this one get its state", () => {
  const ids = ["a", "b", "c", "d"];
  const three = withRangeToggled(new Set(["a"]), ids, "c", "a");
  expect([...three].sort()).toEqual(["a", "b", "c"]);
  expect([...withRangeToggled(three, ids, "b", "c")]).toEqual(["a"]);
  expect([...withRangeToggled(three, ids, "d", "gone")].sort()).toEqual(["a", "b", "c", "d"]);
});

test("the numbers of the bar follow what is possible", () => {
  const possible = possibleOf(fleet, new Map(), new Set(["23186bf2", "90ed7a64", "0c77d6aa", "gone"]));
  expect(possible).toEqual({ start: ["23186bf2"], stop: ["90ed7a64"], remove: ["23186bf2", "90ed7a64"] });
});

test("what was asked for here and is not confirmed yet is not possible for the bar either", () => {
  const asked: Command = { key: "k", kind: "start", instanceId: "23186bf2", operationId: null, confirmed: false };
  expect(possibleOf(fleet, new Map([["k", asked]]), new Set(["23186bf2"])).start).toEqual([]);
});
