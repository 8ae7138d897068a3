// SPDX-License-Identifier: Apache-2.0
import * as v from "valibot";
import { noOffsets, type Offsets, union } from "./offsets";

/** What this browser remembers of a user's messages. The server knows nothing of it. */
export interface Marks {
  /** The epoch whose offsets these are; null: nothing has been seen yet. */
  readonly epoch: string | null;
  readonly read: Offsets;
  readonly removed: Offsets;
  /** The newest message that was on screen, 0: an empty list was; null: nobody has looked yet. */
  readonly seen: number | null;
}

export const noMarks: Marks = { epoch: null, read: noOffsets, removed: noOffsets, seen: null };

/** Offsets of another epoch are of other messages, so their marks are worth nothing. */
export function marksOf(epoch: string, marks: Marks): Marks {
  return marks.epoch === epoch ? marks : { ...noMarks, epoch };
}

/** What this tab knows and what another one said. */
export function merged(ours: Marks, theirs: Marks): Marks {
  if (ours.epoch === null) {
    return theirs;
  }
  if (ours.epoch !== theirs.epoch) {
    return ours;
  }
  return {
    epoch: ours.epoch,
    read: union(ours.read, theirs.read),
    removed: union(ours.removed, theirs.removed),
    seen: ours.seen === null || theirs.seen === null ? (ours.seen ?? theirs.seen) : Math.max(ours.seen, theirs.seen),
  };
}

const offset = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const writtenOffsets = v.pipe(
  v.tuple([offset, v.array(offset)]),
  v.transform(([upTo, also]): Offsets => ({ upTo, also: new Set(also) })),
);
const written = v.object({
  epoch: v.nullable(v.string()),
  read: writtenOffsets,
  removed: writtenOffsets,
  seen: v.nullable(offset),
});

export function write({ epoch, read, removed, seen }: Marks): string {
  const pair = ({ upTo, also }: Offsets) => [upTo, [...also]];
  return JSON.stringify({ epoch, read: pair(read), removed: pair(removed), seen });
}

/** What is not as we write it counts as nothing. */
export function parse(text: string | null): Marks {
  try {
    return v.parse(written, JSON.parse(text ?? ""));
  } catch {
    return noMarks;
  }
}
