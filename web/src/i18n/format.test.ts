// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, test, vi } from "vitest";
import { Formats } from "./format";

const at = Date.UTC(2026, 10, 21, 18, 50, 1);

function from(region: string, locale: string, seconds = false): string {
  vi.spyOn(navigator, "language", "get").mockReturnValue(region);
  // A space of its own kind stands before "pm".
  return new Formats(locale, "utc", seconds).clockShort(at).replace(/\s/g, " ");
}

afterEach(() => vi.restoreAllMocks());

describe("a clock", () => {
  test("counts twelve hours in English where the browser's region does", () => {
    expect(from("en-US", "en")).toMatch(/^6:50 pm$/i);
  });
  test("counts twenty-four elsewhere, and in Russian always", () => {
    expect(from("en-GB", "en")).toBe("18:50");
    expect(from("ru-RU", "en")).toBe("18:50");
    expect(from("en-US", "ru")).toBe("18:50");
  });
  test("shows the seconds to who wants them", () => {
    expect(from("en-GB", "en", true)).toBe("18:50:01");
  });
});

test("in UTC a day begins at midnight in UTC", () => {
  const formats = new Formats("en", "utc");
  const midnight = Date.UTC(2026, 10, 21);
  expect(formats.day(midnight + 1, midnight + 3)).toBe("Today");
  expect(formats.day(midnight - 1, midnight + 1)).toBe("Yesterday");
});
