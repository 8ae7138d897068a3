// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { itemsOf } from "./feedItems";
import { countHeldBack } from "./holdBack";

const heldIn = (items: readonly string[], anchor: string | null) =>
  countHeldBack(
    itemsOf(items, (item) => item),
    anchor,
  );

it("holds nothing back without an anchor", () => {
  expect(heldIn(["c", "b", "a"], null)).toBe(0);
});
it("holds back what is newer than the anchor", () => {
  expect(heldIn(["e", "d", "c", "b"], "c")).toBe(2);
});
it("holds nothing back where the anchor has fallen out of the list", () => {
  expect(heldIn(["e", "d"], "a")).toBe(0);
});
