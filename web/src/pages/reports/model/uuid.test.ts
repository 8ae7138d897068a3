// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { parseUuid, randomUuid } from "./uuid";

describe("a user's id", () => {
  it.each([
    ["of version 4", "d2719b53-8a24-4c1a-9f0e-3b1f6f2f7a10"],
    ["of version 7", "d2719b53-8a24-7c1a-9f0e-3b1f6f2f7a10"],
    ["of no known version", "d2719b53-8a24-9c1a-9f0e-3b1f6f2f7a10"],
    ["of another variant", "11111111-1111-1111-1111-111111111111"],
    ["that is nil", "00000000-0000-0000-0000-000000000000"],
  ])("may be a UUID %s, as for the server", (_which, id) => {
    expect(parseUuid(id)).toBe(id);
  });

  it.each([
    ["with white space around it", "  d2719b53-8a24-4c1a-9f0e-3b1f6f2f7a10\n"],
    ["in capitals", "D2719B53-8A24-4C1A-9F0E-3B1F6F2F7A10"],
    ["as a URN", "urn:uuid:d2719b53-8a24-4c1a-9f0e-3b1f6f2f7a10"],
    ["without hyphens", "d2719b538a244c1a9f0e3b1f6f2f7a10"],
    ["in braces", "{d2719b53-8a24-4c1a-9f0e-3b1f6f2f7a10}"],
  ])("is taken when pasted %s, and written as the server writes it", (_how, text) => {
    expect(parseUuid(text)).toBe("d2719b53-8a24-4c1a-9f0e-3b1f6f2f7a10");
  });

  it.each([
    ["nothing", ""],
    ["a word", "anna"],
    ["one digit too few", "d2719b53-8a24-4c1a-9f0e-3b1f6f2f7a1"],
    ["one digit too many", "d2719b53-8a24-4c1a-9f0e-3b1f6f2f7a100"],
    ["another letter", "g2719b53-8a24-4c1a-9f0e-3b1f6f2f7a10"],
    ["some of its hyphens", "d2719b53-8a244c1a-9f0e-3b1f6f2f7a10"],
    ["a hyphen in the wrong place", "d2719b53-8a24-4c1a9-f0e-3b1f6f2f7a10"],
    ["two of them", "d2719b53-8a24-4c1a-9f0e-3b1f6f2f7a10 d2719b53-8a24-4c1a-9f0e-3b1f6f2f7a10"],
  ])("is not %s", (_what, text) => {
    expect(parseUuid(text)).toBeNull();
  });

  it("is a new version 4 each time one is generated", () => {
    const made = new Set(Array.from({ length: 200 }, randomUuid));
    expect(made.size).toBe(200);
    for (const id of made) {
      expect(parseUuid(id)).toBe(id);
      expect(id[14]).toBe("4");
    }
  });
});
