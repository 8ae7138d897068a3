// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { eventForTest, instanceForTest } from "../store/eventsForTest";
import type { EventType, OperationKind, RunState } from "../store/types";
import { stateIntervals } from "./stateIntervals";

const line = (second: number, type: EventType, kind: OperationKind, state: RunState) => ({
  ...eventForTest(second, type, kind, instanceForTest("a", state)),
  took: null,
});
const told = [
  line(1, "received", "create", "stopped"),
  line(21, "created", "create", "stopped"),
  line(30, "received", "start", "stopped"),
  line(50, "failed", "start", "stopped"),
];

test("each state lasts until the next event, the last one until now", () => {
  expect(stateIntervals(told, 60_000)).toEqual([
    { what: "changing", from: 1000, to: 21_000 },
    { what: "stopped", from: 21_000, to: 30_000 },
    { what: "changing", from: 30_000, to: 50_000 },
    { what: "stopped", from: 50_000, to: 60_000 },
  ]);
});

test("after it was deleted there is nothing more", () => {
  const lines = [line(1, "received", "remove", "stopped"), line(21, "removed", "remove", "stopped")];
  expect(stateIntervals(lines, 60_000)).toEqual([{ what: "changing", from: 1000, to: 21_000 }]);
});

test("a clock that is behind makes no interval that ends before it began", () => {
  expect(stateIntervals([line(5, "started", "start", "running")], 4000)).toEqual([]);
});
