// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { stepped } from "./stepped";

test("arrows go from row to row, and not beyond the ends of the list", () => {
  expect([stepped("ArrowDown", 0, 3), stepped("ArrowDown", 2, 3)]).toEqual([1, 2]);
  expect([stepped("ArrowUp", 2, 3), stepped("ArrowUp", 0, 3)]).toEqual([1, 0]);
  expect([stepped("Home", 2, 3), stepped("End", 0, 3)]).toEqual([0, 2]);
});

test("another key leads nowhere", () => {
  expect([stepped("a", 1, 3), stepped("PageDown", 1, 3)]).toEqual([null, null]);
});
