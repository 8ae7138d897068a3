// SPDX-License-Identifier: Apache-2.0
import type { Cursor } from "./types";

/** One lane's half of a cursor. */
interface Place {
  epoch: string;
  sequence: number;
}

/** An epoch that no server ever has: a lane of it is answered with `reset`. */
const unknownEpoch = "0";

export function parseCursor(text: string): Cursor | null {
  const [durableEpoch, durable, volatileEpoch, ephemeral, ...rest] = text.split(".");
  if (!durableEpoch || !durable || !volatileEpoch || !ephemeral || rest.length > 0) {
    return null;
  }
  const cursor = { durableEpoch, durable: Number(durable), volatileEpoch, volatile: Number(ephemeral) };
  return Number.isSafeInteger(cursor.durable) && Number.isSafeInteger(cursor.volatile) ? cursor : null;
}

export function cursorText({ durableEpoch, durable, volatileEpoch, volatile }: Cursor): string {
  return `${durableEpoch}.${durable}.${volatileEpoch}.${volatile}`;
}

/** Where the lane of `epoch` stands; null: the cursor is of another history. */
export function sequenceIn(cursor: Cursor, epoch: string): number | null {
  if (cursor.durableEpoch === epoch) {
    return cursor.durable;
  }
  return cursor.volatileEpoch === epoch ? cursor.volatile : null;
}

/** Where somebody stands who stood at `known` and then learned `learned`. Of two histories the later learned one counts. */
export function further(known: Cursor, learned: Cursor): Cursor {
  return cursorOf(
    furtherPlace(durableOf(known), durableOf(learned)),
    furtherPlace(volatileOf(known), volatileOf(learned)),
  );
}

/**
 * Where a stream has to begin that serves them all. Where they are of several histories nobody here knows which one still
 * holds: then the server is made to say `reset` in that lane, and what is told twice is dropped by each.
 */
export function least(cursors: readonly Cursor[]): Cursor | null {
  return cursors.length === 0
    ? null
    : cursorOf(cursors.map(durableOf).reduce(leastPlace), cursors.map(volatileOf).reduce(leastPlace));
}

/** Everything behind `here` comes behind `there` as well, so that who has heard from `there` on lacks nothing. */
export function reaches(there: Cursor, here: Cursor): boolean {
  return isSameHistory(there, here) && there.durable <= here.durable && there.volatile <= here.volatile;
}

export function isSameHistory(a: Cursor, b: Cursor): boolean {
  return a.durableEpoch === b.durableEpoch && a.volatileEpoch === b.volatileEpoch;
}

function furtherPlace(known: Place, learned: Place): Place {
  const isBefore = known.epoch === learned.epoch && learned.sequence < known.sequence;
  return isBefore || learned.epoch === unknownEpoch ? known : learned;
}

function leastPlace(least: Place, other: Place): Place {
  if (least.epoch !== other.epoch) {
    return { epoch: unknownEpoch, sequence: 0 };
  }
  return other.sequence < least.sequence ? other : least;
}

function durableOf(cursor: Cursor): Place {
  return { epoch: cursor.durableEpoch, sequence: cursor.durable };
}

function volatileOf(cursor: Cursor): Place {
  return { epoch: cursor.volatileEpoch, sequence: cursor.volatile };
}

function cursorOf(durable: Place, ephemeral: Place): Cursor {
  return {
    durableEpoch: durable.epoch,
    durable: durable.sequence,
    volatileEpoch: ephemeral.epoch,
    volatile: ephemeral.sequence,
  };
}
