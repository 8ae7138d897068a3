// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { countdownOf } from "./countdown";

const operation = { id: "op", kind: "start", startedAt: 100_000, durationMs: 20_000 } as const;

test.each([
  [100_000, 20, 0],
  [108_100, 12, 0.405],
  [119_999, 1, 0.99995],
  [120_000, 0, 1],
])("at %i there are %i s left", (now, secondsLeft, done) => {
  expect(countdownOf(operation, now)).toEqual({ secondsLeft, done, late: false });
});

test("it is never negative, and late only beyond one and a half times", () => {
  expect(countdownOf(operation, 130_000)).toEqual({ secondsLeft: 0, done: 1, late: false });
  expect(countdownOf(operation, 130_001)).toEqual({ secondsLeft: 0, done: 1, late: true });
});

test("a clock that is behind shows no more than the whole duration", () => {
  expect(countdownOf(operation, 99_000)).toEqual({ secondsLeft: 20, done: 0, late: false });
});
