// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { attemptsOf, lengthOf, runOf } from "./attempts";
import { reportThrough } from "./samplesForTest";

const twice = reportThrough(["pending", "queued", "processing", "failed", "pending", "queued"]);

describe("attempts", () => {
  it("begin with each pending", () => {
    const shape = attemptsOf(twice).map(({ number, visits }) => [number, visits.map((stay) => stay?.move.status)]);
    expect(shape).toEqual([
      [1, ["pending", "queued", "processing", "failed"]],
      [2, ["pending", "queued"]],
    ]);
  });

  it("know where each state came from, across attempts too", () => {
    const from = attemptsOf(twice).map(({ visits }) => visits.map((stay) => stay?.from));
    expect(from).toEqual([
      [null, "pending", "queued", "processing"],
      ["failed", "pending"],
    ]);
  });

  it("keep the place of an unknown move", () => {
    const gappy = { ...twice, history: twice.history.map((move, i) => (i === 1 ? null : move)) };
    const [first] = attemptsOf(gappy);
    expect(first?.visits.map((stay) => stay?.move.status ?? null)).toEqual(["pending", null, "processing", "failed"]);
    expect(first?.visits[2]?.from).toBeNull();
    expect(first?.visits[0] && lengthOf(first.visits[0])).toBeNull();
  });
});

describe("a stay", () => {
  it("ends where the next begins, be it in the next attempt", () => {
    const stay = attemptsOf(twice)[0]?.visits[3];
    expect(stay && lengthOf(stay)).toBe(10_000);
  });

  it("has no length while nothing has followed", () => {
    const stay = attemptsOf(twice)[1]?.visits[1];
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
