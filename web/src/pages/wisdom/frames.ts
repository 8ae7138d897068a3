// SPDX-License-Identifier: Apache-2.0

/** A raw message, as it went over the wire. */
export interface Frame {
  readonly number: number;
  readonly direction: "in" | "out";
  readonly text: string;
  /** ms on the server's clock. */
  readonly at: number;
}

export const noFrames: readonly Frame[] = [];

/** So many are kept, the newest. */
export const mostFrames = 200;

/** Newest first. */
export function withFrame(frames: readonly Frame[], frame: Omit<Frame, "number">): readonly Frame[] {
  return [{ ...frame, number: (frames[0]?.number ?? 0) + 1 }, ...frames].slice(0, mostFrames);
}

/** What is left of the frames by a word in them. */
export function matching(frames: readonly Frame[], word: string): readonly Frame[] {
  const wanted = word.trim().toLowerCase();
  return wanted === "" ? frames : frames.filter(({ text }) => text.toLowerCase().includes(wanted));
}
