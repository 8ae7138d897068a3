// SPDX-License-Identifier: Apache-2.0
import * as v from "valibot";
import { noOffsets, type Offsets, union } from "./offsets";

/** What this browser stores about a user's messages. The server does not know it. */
export interface Marks {
  /** The epoch whose offsets these are; null: nothing has been seen yet. */
  readonly epoch: string | null;
  readonly read: Offsets;
  readonly removed: Offsets;
  /** The newest message that was on screen; 0: an empty list was; null: not watched yet. */
  readonly seen: number | null;
}

export const noMarks: Marks = { epoch: null, read: noOffsets, removed: noOffsets, seen: null };

/** Offsets of another epoch belong to other messages, so their marks are dropped. */
export function marksInEpoch(epoch: string, marks: Marks): Marks {
  return marks.epoch === epoch ? marks : { ...noMarks, epoch };
}

/** The marks of this tab and of another one, merged. */
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

export function stringifyMarks({ epoch, read, removed, seen }: Marks): string {
  const pair = ({ upTo, also }: Offsets) => [upTo, [...also]];
  return JSON.stringify({ epoch, read: pair(read), removed: pair(removed), seen });
}

/** Malformed marks count as none. */
export function parseMarks(text: string | null): Marks {
  try {
    return v.parse(written, JSON.parse(text ?? ""));
  } catch {
    return noMarks;
  }
}
