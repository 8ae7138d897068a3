// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { outcomeOf } from "./closeCodes";

describe("a close code", () => {
  test.each([1000, 1001, 1002, 1006, 1009, 1011])("%i means: come back", (code) => {
    expect(outcomeOf(code, "")).toEqual({ retry: true, hint: {} });
  });
  test("1012 means that the server restarts", () => {
    expect(outcomeOf(1012, "The server is going down; come back shortly.")).toEqual({
      retry: true,
      hint: { restarting: true },
    });
  });
  test("1013 means: come back, but not at once", () => {
    expect(outcomeOf(1013, "slow")).toEqual({ retry: true, hint: { notBefore: 2000 } });
  });
  test.each([
    [1008, "unknown_token", "unknown_token"],
    [1008, "origin_refused: not from there", "origin_refused"],
    [1008, "Register or rejoin first.", "closed_1008"],
    [4001, "", "closed_4001"],
    [4100, "name_taken", "name_taken"],
  ])("%i with '%s' means: do not come back", (code, text, reason) => {
    expect(outcomeOf(code, text)).toEqual({ retry: false, reason });
  });
  test("1008 for a refusal that passes means: come back", () => {
    expect(outcomeOf(1008, "rate_limited")).toEqual({ retry: true, hint: {} });
  });
});
