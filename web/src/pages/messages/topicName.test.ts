// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { findNameFault, topicOf } from "./topicName";

describe("the topic of a user", () => {
  it("keeps letters, digits, minus and underscore", () => {
    expect(topicOf("demo_user-7")).toBe("howl:inbox/v3/demo_user-7");
  });
  it("writes every other byte of UTF-8 as ~ and two hex digits", () => {
    expect(topicOf("Ж")).toBe("howl:inbox/v3/~D0~96");
    expect(topicOf("a~b")).toBe("howl:inbox/v3/a~7Eb");
    expect(topicOf("a/b c.d")).toBe("howl:inbox/v3/a~2Fb~20c~2Ed");
    expect(topicOf("\n")).toBe("howl:inbox/v3/~0A");
    expect(topicOf("🐺")).toBe("howl:inbox/v3/~F0~9F~90~BA");
  });
  it("is different for different users", () => {
    const users = ["a", "A", "a~", "~a", "a/", "~7E", "Ж", "~D0~96", "%D0%96"];
    expect(new Set(users.map(topicOf)).size).toBe(users.length);
  });
});

describe("a user's name", () => {
  it("is refused where it is empty, or a step in a path", () => {
    expect(findNameFault("")).toBe("empty");
    expect(findNameFault(".")).toBe("dots");
    expect(findNameFault("..")).toBe("dots");
    expect(findNameFault("...")).toBeNull();
  });
  it("is refused where its topic would be longer than the server takes", () => {
    expect(findNameFault("x".repeat(241))).toBeNull();
    expect(findNameFault("x".repeat(242))).toBe("too_long");
    expect(findNameFault("Ж".repeat(40))).toBeNull();
    expect(findNameFault("Ж".repeat(41))).toBe("too_long");
  });
});
