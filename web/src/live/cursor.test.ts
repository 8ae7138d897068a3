// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { cursorText, earliest, isAtOrBefore, later, parseCursor, sequenceIn } from "./cursor";
import type { Cursor } from "./types";

function at(text: string): Cursor {
  const cursor = parseCursor(text);
  if (!cursor) {
    throw new Error(`${text} is no cursor`);
  }
  return cursor;
}

describe("a cursor's text", () => {
  test("is read and written as the server has it", () => {
    expect(at("jb8tk7c1.3.ect9ocq8.17")).toEqual({
      durableEpoch: "jb8tk7c1",
      durable: 3,
      volatileEpoch: "ect9ocq8",
      volatile: 17,
    });
    expect(cursorText(at("jb8tk7c1.3.ect9ocq8.17"))).toBe("jb8tk7c1.3.ect9ocq8.17");
  });
  test.each(["", "a", "a.1.b", "a.1.b.", "a.x.b.1", ".1.b.1", "a.1.b.1.c", "a.1.b.9007199254740993"])(
    "'%s' is none",
    (text) => {
      expect(parseCursor(text)).toBeNull();
    },
  );
});

test("a cursor knows the sequence of its own two epochs only", () => {
  expect(["d", "v", "x"].map((epoch) => sequenceIn(at("d.3.v.7"), epoch))).toEqual([3, 7, null]);
});

describe("further", () => {
  const join = (a: string, b: string) => cursorText(later(at(a), at(b)));
  test("is the greater one in each lane", () => {
    expect(join("d.3.v.7", "d.5.v.1")).toBe("d.5.v.7");
    expect(join("d.5.v.1", "d.3.v.7")).toBe("d.5.v.7");
  });
  test("is what was learned later where a lane has a new history", () => {
    expect(join("d.3.v.7", "d.3.w.1")).toBe("d.3.w.1");
  });
  test("learns nothing from a lane whose history nobody knew", () => {
    expect(join("d.3.v.7", "d.9.0.0")).toBe("d.9.v.7");
  });
});

describe("least", () => {
  const join = (...all: string[]) => cursorText(earliest(all.map(at)) ?? at("none.0.none.0"));
  test("is the smaller one in each lane", () => {
    expect(join("d.3.v.7")).toBe("d.3.v.7");
    expect(join("d.3.v.7", "d.5.v.1", "d.4.v.4")).toBe("d.3.v.1");
  });
  test("asks for a reset in a lane whose histories differ, and keeps the other", () => {
    expect(join("d.3.v.7", "d.5.w.1", "d.4.w.4")).toBe("d.3.0.0");
    expect(join("d.3.v.7", "d.5.w.1", "d.4.v.4")).toBe("d.3.0.0");
  });
  test("of none is none", () => {
    expect(earliest([])).toBeNull();
  });
});

test("a stream from a cursor on is complete after one that is not before it, in the same epochs", () => {
  expect(isAtOrBefore(at("d.3.v.7"), at("d.3.v.7"))).toBe(true);
  expect(isAtOrBefore(at("d.3.v.7"), at("d.4.v.9"))).toBe(true);
  expect(isAtOrBefore(at("d.3.v.7"), at("d.2.v.9"))).toBe(false);
  expect(isAtOrBefore(at("d.3.v.7"), at("d.4.v.6"))).toBe(false);
  expect(isAtOrBefore(at("d.3.v.7"), at("d.4.w.9"))).toBe(false);
});
