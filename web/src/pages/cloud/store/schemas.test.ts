// SPDX-License-Identifier: Apache-2.0
import * as v from "valibot";
import { expect, test } from "vitest";
import { instances, readEvent } from "./schemas";

const started =
  '{"opId":"op","kind":"start","durationMs":20000,"door":"api","instance":{"id":"a","state":"running","timestamp":"2026-11-21T09:51:46.551Z"}}';

test("an event is read as the server writes it", () => {
  expect(readEvent({ epoch: "aaaa", offset: 8, time: 5, type: "started", data: started })).toEqual({
    epoch: "aaaa",
    offset: 8,
    time: 5,
    type: "started",
    operationId: "op",
    kind: "start",
    door: "api",
    error: null,
    instance: {
      id: "a",
      name: "",
      state: "running",
      changedAt: Date.UTC(2026, 10, 21, 9, 51, 46, 551),
      operation: null,
    },
  });
});

test.each([
  ["a type of a newer server", "resized", started],
  ["no JSON", "started", "{"],
  ["no instance", "started", '{"opId":"op","kind":"start","durationMs":1,"door":"api"}'],
  ["a time that is none", "started", started.replace("2026-11-21", "yesterday")],
])("%s is left out", (_what, type, data) => {
  expect(readEvent({ epoch: "aaaa", offset: 8, time: 5, type, data })).toBeNull();
});

test("a list that is none is refused", () => {
  expect(v.is(instances, [{ id: "a", state: "asleep" }])).toBe(false);
});
