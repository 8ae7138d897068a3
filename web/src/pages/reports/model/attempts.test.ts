// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { attemptsOf, lengthOf, runOf } from "./attempts";
import { reportThrough } from "./samples_for_test";

const twice = reportThrough(["pending", "queued", "processing", "failed", "pending", "queued"]);

describe("attempts", () => {
  it("begin with each pending", () => {
    const shape = attemptsOf(twice).map(({ number, stays }) => [number, stays.map((stay) => stay?.move.status)]);
    expect(shape).toEqual([
      [1, ["pending", "queued", "processing", "failed"]],
      [2, ["pending", "queued"]],
    ]);
  });

  it("know where each state came from, across attempts too", () => {
    const from = attemptsOf(twice).map(({ stays }) => stays.map((stay) => stay?.from));
    expect(from).toEqual([
      [null, "pending", "queued", "processing"],
      ["failed", "pending"],
    ]);
  });

  it("keep the place of a move that nobody has heard of", () => {
    const gappy = { ...twice, history: twice.history.map((move, i) => (i === 1 ? null : move)) };
    const [first] = attemptsOf(gappy);
    expect(first?.stays.map((stay) => stay?.move.status ?? null)).toEqual(["pending", null, "processing", "failed"]);
    expect(first?.stays[2]?.from).toBeNull();
    expect(first?.stays[0] && lengthOf(first.stays[0])).toBeNull();
  });
});

describe("a stay", () => {
  it("ends where the next begins, be it in the next attempt", () => {
    const stay = attemptsOf(twice)[0]?.stays[3];
    expect(stay && lengthOf(stay)).toBe(10_000);
  });

  it("has no length while nothing has followed", () => {
    const stay = attemptsOf(twice)[1]?.stays[1];
    expect(stay && lengthOf(stay)).toBeNull();
  });
});

describe("an attempt's run", () => {
  it("ends with its last state", () => {
    const [first] = attemptsOf(twice);
    expect(first && runOf(first)).toBe(30_000);
  });

  it("has no length until then", () => {
    const second = attemptsOf(twice)[1];
    expect(second && runOf(second)).toBeNull();
  });
});
