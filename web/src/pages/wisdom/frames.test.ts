// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { type Frame, framesMax, matching, noFrames, withFrame } from "./frames";

describe("the frames", () => {
  it("are the newest ones, numbered as they went", () => {
    let frames = noFrames;
    for (let at = 1; at <= framesMax + 2; at++) {
      frames = withFrame(frames, { direction: "in", text: "", at });
    }
    expect(frames).toHaveLength(framesMax);
    expect([frames[0]?.number, frames.at(-1)?.number]).toEqual([framesMax + 2, 3]);
  });
  it("are filtered by a text in them, whatever its case", () => {
    const frames: Frame[] = ["ping", "Subscribe"].map((text, number) => ({ number, direction: "out", text, at: 0 }));
    expect(matching(frames, " SUB ").map(({ text }) => text)).toEqual(["Subscribe"]);
    expect(matching(frames, "")).toBe(frames);
  });
});
