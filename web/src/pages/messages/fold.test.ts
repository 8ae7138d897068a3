// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { announcedText, foldedStart } from "./fold";

describe("a folded text", () => {
  it("is only made of a long one", () => {
    expect(foldedStart("")).toBeNull();
    expect(foldedStart("x".repeat(800))).toBeNull();
    expect(foldedStart("x".repeat(801))).toBe("x".repeat(600));
  });
  it("ends before the ninth of very many lines", () => {
    expect(foldedStart(Array.from({ length: 12 }, (_, at) => at).join("\n"))).toBeNull();
    expect(foldedStart(Array.from({ length: 13 }, (_, at) => at).join("\n"))).toBe("0\n1\n2\n3\n4\n5\n6\n7");
  });
  it("never cuts through a family", () => {
    const family = "👨‍👩‍👧‍👦";
    const start = foldedStart(`x${family.repeat(200)}`) ?? "";
    expect(start.slice(1).replaceAll(family, "")).toBe("");
    expect(start.length).toBeGreaterThan(580);
  });
});

describe("what is read out of a text", () => {
  it("is its start, cut between two letters", () => {
    expect(announcedText("hi")).toBe("hi");
    expect(announcedText(`${"x".repeat(199)}🐺🐺`)).toBe(`${"x".repeat(199)}`);
  });
});
