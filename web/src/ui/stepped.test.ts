// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { rovingIndex } from "./rovingIndex";

test("arrows go from row to row, and not beyond the ends of the list", () => {
  expect([rovingIndex("ArrowDown", 0, 3), rovingIndex("ArrowDown", 2, 3)]).toEqual([1, 2]);
  expect([rovingIndex("ArrowUp", 2, 3), rovingIndex("ArrowUp", 0, 3)]).toEqual([1, 0]);
  expect([rovingIndex("Home", 2, 3), rovingIndex("End", 0, 3)]).toEqual([0, 2]);
});

test("another key leads nowhere", () => {
  expect([rovingIndex("a", 1, 3), rovingIndex("PageDown", 1, 3)]).toEqual([null, null]);
});
