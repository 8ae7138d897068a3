// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { backoff, restartDelay } from "./backoff";

describe("backing off", () => {
  test("doubles from half a second and stops at 20 s", () => {
    expect([1, 2, 3, 4, 5, 6, 7, 50].map((failures) => backoff(failures, 1))).toEqual([
      500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000,
    ]);
  });
  test("takes its jitter from the whole of the step", () => {
    expect(backoff(4, 0)).toBe(0);
    expect(backoff(4, 0.25)).toBe(1000);
  });
  test("is one to three seconds when the server restarts", () => {
    expect([0, 0.5, 1].map(restartDelay)).toEqual([1000, 2000, 3000]);
  });
});
