// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { held } from "./held";

const keyOf = (item: string) => item;

describe("a list that is held", () => {
  it("shows all while nothing holds it", () => {
    expect(held(["c", "b", "a"], keyOf, null)).toEqual({ shown: ["c", "b", "a"], waiting: 0 });
  });
  it("shows what is not newer than the anchor, and counts the rest", () => {
    expect(held(["e", "d", "c", "b"], keyOf, "c")).toEqual({ shown: ["c", "b"], waiting: 2 });
  });
  it("shows all where the anchor has fallen out of the list", () => {
    expect(held(["e", "d"], keyOf, "a")).toEqual({ shown: ["e", "d"], waiting: 0 });
  });
});
