// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { actionFor, isFinal, movesFrom, type Status, statuses } from "./status";

// The matrix of the original service: a row for each state it goes from, a column for each it goes to, in the order of `statuses`.
const matrix: Record<Status, string> = {
  pending: ".+...+",
  queued: "..+..+",
  processing: "...++.",
  completed: "......",
  failed: "+.....",
  canceled: "+.....",
};
const cells = statuses.flatMap((from) =>
  statuses.map((to, column) => ({ from, to, legal: matrix[from][column] === "+" })),
);

describe("the moves", () => {
  it.each(cells)("from $from to $to: $legal", ({ from, to, legal }) => {
    expect(movesFrom(from).includes(to)).toBe(legal);
  });

  it("are eight", () => {
    expect(cells.filter(({ from, to }) => movesFrom(from).includes(to))).toHaveLength(8);
  });
});

describe("what a user may do", () => {
  it.each([
    ["pending", "cancel"],
    ["queued", "cancel"],
    ["processing", null],
    ["completed", null],
    ["failed", "retry"],
    ["canceled", "retry"],
  ] as const)("with a %s report is %s", (status, action) => {
    expect(actionFor(movesFrom(status))).toBe(action);
  });

  it("is what the server allows, whatever the table says", () => {
    expect(actionFor([])).toBeNull();
    expect(actionFor(["canceled"])).toBe("cancel");
  });

  it("is all that goes on with a settled report", () => {
    expect(statuses.filter(isFinal)).toEqual(["completed", "failed", "canceled"]);
  });
});
