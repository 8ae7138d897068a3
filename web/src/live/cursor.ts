// SPDX-License-Identifier: Apache-2.0
import type { Cursor } from "./types";

/** One lane's half of a cursor. */
interface LanePosition {
  epoch: string;
  sequence: number;
}

/** An epoch that no server has: the server answers it with `reset` in that lane. */
const unknownEpoch = "0";

export function parseCursor(text: string): Cursor | null {
  const [durableEpoch, durable, volatileEpoch, volatile, ...rest] = text.split(".");
  if (!durableEpoch || !durable || !volatileEpoch || !volatile || rest.length > 0) {
    return null;
  }
  const cursor = { durableEpoch, durable: Number(durable), volatileEpoch, volatile: Number(volatile) };
  return Number.isSafeInteger(cursor.durable) && Number.isSafeInteger(cursor.volatile) ? cursor : null;
}

export function cursorText({ durableEpoch, durable, volatileEpoch, volatile }: Cursor): string {
  return `${durableEpoch}.${durable}.${volatileEpoch}.${volatile}`;
}

/** The position in the lane of `epoch`; null: the cursor has another epoch. */
export function sequenceIn(cursor: Cursor, epoch: string): number | null {
  if (cursor.durableEpoch === epoch) {
    return cursor.durable;
  }
  return cursor.volatileEpoch === epoch ? cursor.volatile : null;
}

/** The position after `known` once `received` has arrived. Where the epochs differ, the one received later counts. */
export function later(known: Cursor, received: Cursor): Cursor {
  return cursorOf(
    laterPosition(durableOf(known), durableOf(received)),
    laterPosition(volatileOf(known), volatileOf(received)),
  );
}

/**
 * Where a stream that serves all of them must start. Where epochs differ the client cannot know which one is current: then an
 * unknown epoch makes the server send `reset` in that lane, and each subscription drops what it has already.
 */
export function earliest(cursors: readonly Cursor[]): Cursor | null {
  return cursors.length === 0
    ? null
    : cursorOf(cursors.map(durableOf).reduce(earliestPosition), cursors.map(volatileOf).reduce(earliestPosition));
}

/** A stream from `cursor` on brings everything that comes after `other`. */
export function isAtOrBefore(cursor: Cursor, other: Cursor): boolean {
  return isSameHistory(cursor, other) && cursor.durable <= other.durable && cursor.volatile <= other.volatile;
}

/** `earliest` found different epochs in one of its lanes. */
export function isOfUnknownHistory({ durableEpoch, volatileEpoch }: Cursor): boolean {
  return durableEpoch === unknownEpoch || volatileEpoch === unknownEpoch;
}

export function isSameHistory(a: Cursor, b: Cursor): boolean {
  return a.durableEpoch === b.durableEpoch && a.volatileEpoch === b.volatileEpoch;
}

function laterPosition(known: LanePosition, received: LanePosition): LanePosition {
  const isBefore = known.epoch === received.epoch && received.sequence < known.sequence;
  return isBefore || received.epoch === unknownEpoch ? known : received;
}

function earliestPosition(earliest: LanePosition, other: LanePosition): LanePosition {
  if (earliest.epoch !== other.epoch) {
    return { epoch: unknownEpoch, sequence: 0 };
  }
  return other.sequence < earliest.sequence ? other : earliest;
}

function durableOf(cursor: Cursor): LanePosition {
  return { epoch: cursor.durableEpoch, sequence: cursor.durable };
}

function volatileOf(cursor: Cursor): LanePosition {
  return { epoch: cursor.volatileEpoch, sequence: cursor.volatile };
}

function cursorOf(durable: LanePosition, volatile: LanePosition): Cursor {
  return {
    durableEpoch: durable.epoch,
    durable: durable.sequence,
    volatileEpoch: volatile.epoch,
    volatile: volatile.sequence,
  };
}
