// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { attemptsOf } from "./attempts";
import { reportThrough } from "./samplesForTest";
import { movesFrom, type Status, statuses } from "./status";
import { transitionsOf } from "./transitions";

function wayThrough(...states: Status[]) {
  const attempt = attemptsOf(reportThrough(states)).at(-1);
  if (!attempt) {
    throw new Error("no attempt");
  }
  return transitionsOf(attempt);
}

/** The progress of the six states, one letter each: passed, here, ahead, closed. */
function reaches(...states: Status[]): string {
  const { nodes } = wayThrough(...states);
  return statuses.map((status) => nodes[status].progress[0]).join("");
}

/** The tracks that were travelled. */
function travelled(...states: Status[]): string[] {
  return wayThrough(...states)
    .transitions.filter((track) => track.progress === "passed")
    .map(({ from, to }) => `${from} ${to}`);
}

describe("the way of an attempt", () => {
  // In the order pending, queued, processing, completed, failed, canceled.
  it.each([
    [["pending"], "haaaaa"],
    [["pending", "queued"], "phaaaa"],
    [["pending", "queued", "processing"], "pphaac"],
    [["pending", "queued", "processing", "completed"], "ppphcc"],
    [["pending", "queued", "processing", "failed"], "pppchc"],
    [["pending", "canceled"], "pcccch"],
    [["pending", "queued", "canceled"], "ppccch"],
    [["pending", "canceled", "pending"], "haaaaa"],
  ] as [Status[], string][])("through %s reaches %s", (states, wanted) => {
    expect(reaches(...states)).toBe(wanted);
  });

  it("knows from where a report was canceled", () => {
    expect(travelled("pending", "canceled")).toEqual(["pending canceled"]);
    expect(travelled("pending", "queued", "canceled")).toEqual(["pending queued", "queued canceled"]);
  });

  it("has six tracks, all of them legal, and none back to pending", () => {
    const { transitions } = wayThrough("pending");
    expect(transitions).toHaveLength(6);
    expect(transitions.every(({ from, to }) => movesFrom(from).includes(to) && to !== "pending")).toBe(true);
    expect(transitions.every(({ progress }) => progress === "ahead")).toBe(true);
  });

  it("closes the tracks that an attempt does not take any more", () => {
    const closed = wayThrough("pending", "queued", "processing")
      .transitions.filter(({ progress }) => progress === "closed")
      .map(({ from, to }) => `${from} ${to}`);
    expect(closed).toEqual(["pending canceled", "queued canceled"]);
  });

  it("is filled in where moves are missing", () => {
    const whole = reportThrough(["pending", "queued", "processing", "failed"]);
    const [attempt] = attemptsOf({ ...whole, history: [null, null, null, whole.history[3] ?? null] });
    const way = attempt && transitionsOf(attempt);
    expect(way && statuses.map((status) => way.nodes[status].progress[0]).join("")).toBe("pppchc");
    expect(way?.nodes.queued.stay).toBeNull();
  });
});
