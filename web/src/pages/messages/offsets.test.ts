// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { add, addUpTo, has, noOffsets, union } from "./offsets";

const of = (...list: number[]) => list.reduce(add, noOffsets);

describe("a set of offsets", () => {
  it("holds what was added, and nothing else", () => {
    const set = of(3, 7);
    expect([1, 2, 3, 4, 5, 6, 7, 8].filter((offset) => has(set, offset))).toEqual([3, 7]);
  });
  it("closes up to one number once there is no gap", () => {
    expect(of(3, 1, 2)).toEqual({ upTo: 3, also: new Set() });
    expect(of(2, 4)).toEqual({ upTo: 0, also: new Set([2, 4]) });
    expect(addUpTo(of(2, 4, 9), 3)).toEqual({ upTo: 4, also: new Set([9]) });
  });
  it("never shrinks", () => {
    const set = addUpTo(noOffsets, 5);
    expect(addUpTo(set, 2)).toBe(set);
    expect(add(set, 5)).toBe(set);
  });
  it("is the same in either order", () => {
    const one = addUpTo(of(9, 12), 4);
    const other = of(5, 6, 7, 8, 11);
    expect(union(one, other)).toEqual(union(other, one));
    expect(union(one, other)).toEqual({ upTo: 9, also: new Set([11, 12]) });
    expect(union(one, one)).toEqual(one);
  });
});
