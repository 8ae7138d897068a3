// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { type Marks, merged, noMarks, parseMarks, stringifyMarks } from "./marks";

const marks: Marks = {
  epoch: "e1",
  read: { upTo: 4, also: new Set([7]) },
  removed: { upTo: 0, also: new Set([2]) },
  seen: 9,
};

describe("marks", () => {
  it("are read as they were written", () => {
    expect(parseMarks(stringifyMarks(marks))).toEqual(marks);
    expect(stringifyMarks(marks)).toBe('{"epoch":"e1","read":[4,[7]],"removed":[0,[2]],"seen":9}');
  });
  it("are none where something else was written", () => {
    for (const text of [null, "", "{}", "[]", '{"epoch":"e1","read":[-1,[]],"removed":[0,[]],"seen":0}']) {
      expect(parseMarks(text)).toEqual(noMarks);
    }
  });
  it("of a tab that has seen nothing yet are the other tab's", () => {
    expect(merged(noMarks, marks)).toBe(marks);
    expect(merged(marks, noMarks)).toBe(marks);
  });
});
