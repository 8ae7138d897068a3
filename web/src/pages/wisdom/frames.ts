// SPDX-License-Identifier: Apache-2.0

/** A raw message of the protocol. */
export interface Frame {
  readonly number: number;
  readonly direction: "in" | "out";
  readonly text: string;
  /** ms on the server's clock. */
  readonly at: number;
}

export const noFrames: readonly Frame[] = [];

/** The number of frames that are kept, the newest. */
export const framesMax = 200;

/** Newest first. */
export function withFrame(frames: readonly Frame[], frame: Omit<Frame, "number">): readonly Frame[] {
  return [{ ...frame, number: (frames[0]?.number ?? 0) + 1 }, ...frames].slice(0, framesMax);
}

/** The frames that contain the filter. */
export function matching(frames: readonly Frame[], filter: string): readonly Frame[] {
  const wanted = filter.trim().toLowerCase();
  return wanted === "" ? frames : frames.filter(({ text }) => text.toLowerCase().includes(wanted));
}
